"""The first step of the command `wangge`.

Every worker process runs the importing part of the script that started the command; so nothing is imported here
but by the command itself.
"""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    from api.cli import main as run  # noqa: PLC0415  (see above)

    run()
