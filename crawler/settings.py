"""Scrapy settings that a person may change; what dateline needs is set by `crawler.addon`.

Everything that concerns a library (delays, limits, proxies) is a setting of its ``dateline.toml``, not of this file.
"""

BOT_NAME = "dateline"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
ADDONS = {"crawler.addon.DatelineAddon": 100}
LOG_LEVEL = "INFO"
