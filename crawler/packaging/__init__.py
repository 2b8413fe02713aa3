"""Captures for other programs and people: a WACZ of articles, and one capture as a WARC file.

Why a package apart from `crawler.exporting`: exports are pure texts made of articles; what stands here reads the
library's capture files.
"""

from crawler.packaging.captures import one_capture
from crawler.packaging.packing import Collection, Packed, pack

__all__ = ["Collection", "Packed", "one_capture", "pack"]
