"""The settings of one library: which folder, which database, how politely, how patiently, which archives and jobs.

`settings` and `section_settings` hold the tables of all there is to set, `reading` finds and reads ``dateline.toml``,
`hosts`, `archives`, `jobs` and `retention` read its sections of single hosts, archives, scheduled jobs and rules,
`checking` refuses what is wrong, `rendering` writes a fresh file, and `values` is what the program asks.
"""

from crawler.configuration.hosts import HostRule
from crawler.configuration.jobs import Job
from crawler.configuration.reading import LIBRARY_VARIABLE, load
from crawler.configuration.rendering import render, toml_value
from crawler.configuration.retention import Removes, Rule
from crawler.configuration.section_settings import ARCHIVE_SETTINGS, HOST_SETTINGS, JOB_SETTINGS, RETENTION_SETTINGS
from crawler.configuration.setting import Setting
from crawler.configuration.settings import SETTINGS
from crawler.configuration.values import DATABASE_VARIABLE, FILE_NAME, Configuration

__all__ = [
    "ARCHIVE_SETTINGS",
    "DATABASE_VARIABLE",
    "FILE_NAME",
    "HOST_SETTINGS",
    "JOB_SETTINGS",
    "LIBRARY_VARIABLE",
    "RETENTION_SETTINGS",
    "SETTINGS",
    "Configuration",
    "HostRule",
    "Job",
    "Removes",
    "Rule",
    "Setting",
    "load",
    "render",
    "toml_value",
]
