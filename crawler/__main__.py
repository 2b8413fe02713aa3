"""The command ``dateline``.

Why so thin: every worker process imports the script that started its parent once more. This costs it nothing; all
commands with their options would cost half a second of CPU in each.
"""

from __future__ import annotations


def main() -> None:
    """Run the command that was typed; does not return."""
    from crawler.cli import main as run  # noqa: PLC0415 - see above

    run()


if __name__ == "__main__":
    main()
