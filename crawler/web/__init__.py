"""The pages that a person looks at, and the JSON API: ``dateline serve``.

`application` puts everything together: what stands before every request (`guarding`), the pages (`pages`, templates in
``templates/``), the API (`api`). `site` is what all of them share: the settings, a few open stores, the cache, the
templates. `serving` runs it.

Why server-rendered pages with one small script of our own, and no framework in the browser: every page is read and
every button works without JavaScript. What the script adds (a running crawl without reloading) takes forty lines;
htmx would come with fifteen kilobytes and, as a package, with all of Django.

Why handlers are plain functions in threads: the store is called, not awaited. Only what waits for long (live progress)
is asynchronous.

Why FastAPI for the API alone: it makes the OpenAPI document from the same types that check the requests. The pages have
no use for that, and are Starlette's.
"""
