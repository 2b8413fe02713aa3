"""Web archives: where mementos come from. Sans-I/O modules behind one protocol; see `crawler.archives.protocol`.

A new archive of a known kind is one section ``[archives."NAME"]`` in ``dateline.toml``; a new kind is one module here
and one line in `KINDS`.
"""
