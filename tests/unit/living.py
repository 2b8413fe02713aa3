"""Which processes live, as the kernel says."""

from pathlib import Path


def is_running(pid):
    """Whether a process is there, and more than a zombie, which only waits for its parent to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
