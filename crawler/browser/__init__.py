"""Pages that need JavaScript, opened in a real browser (scrapy-playwright with the system's Chromium).

Only pages whose last answer was an empty shell are opened in it, and only where ``crawl.browser`` says so. The parts:

* `availability`: whether a browser can be used here, and if not, what is missing.
* `handler`: the download handler; the page itself comes through `crawler.handlers` like any other.
* `policy`: pure: what a page may ask for while it is shown.
* `gateway`, `forwarding`: the forward proxy that everything the browser sends has to pass.
* `chromium`: the one browser of a crawl; `visits`: one page in it; `snapshot`: when it is done, and what it shows.
* `settings`: how the browser is started, and its limits.

Nothing here imports playwright but `chromium` and `visits`, which only the handler imports.
"""

from crawler.browser.availability import available, missing_reason
from crawler.browser.policy import BROWSER

__all__ = ["BROWSER", "available", "missing_reason"]
