"""A worker: a process that serves hosts which jobs bring, as many of them as wanted, on as many machines as wanted.

One worker is one run of a library, two Scrapy engines (`crawler.spiders.work`), one extraction pool and one connection
to the queue (`crawler.queueing`). Everything that it does about a host is done by what a single process does it with.
"""
