"""The command ``dateline``.

Why so thin: every worker process imports the script that started its parent once more. This costs it nothing; all
commands with their options would cost half a second of CPU in each.

Why the collector is told to leave everything alone at the end: all goes with the process. To walk through it once more
takes up to a second, for which whoever stopped it waits.
"""

from __future__ import annotations

import gc


def main() -> None:
    """Run the command that was typed; does not return."""
    from crawler.cli import main as run  # noqa: PLC0415 - see above

    try:
        run()
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
