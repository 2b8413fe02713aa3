"""The settings of one library: which folder, which database, how politely, how patiently, which archives.

`settings` holds the tables of all there is to set, `reading` finds and reads ``dateline.toml``, `hosts` and `archives`
read its sections of single hosts and archives, `checking` refuses what is wrong, `rendering` writes a fresh file, and
`values` is what the program asks.
"""

from crawler.configuration.hosts import HostRule
from crawler.configuration.reading import FILE_NAME, LIBRARY_VARIABLE, load
from crawler.configuration.rendering import render, toml_value
from crawler.configuration.settings import ARCHIVE_SETTINGS, HOST_SETTINGS, SETTINGS, Setting
from crawler.configuration.values import DATABASE_VARIABLE, Configuration

__all__ = [
    "ARCHIVE_SETTINGS",
    "DATABASE_VARIABLE",
    "FILE_NAME",
    "HOST_SETTINGS",
    "LIBRARY_VARIABLE",
    "SETTINGS",
    "Configuration",
    "HostRule",
    "Setting",
    "load",
    "render",
    "toml_value",
]
