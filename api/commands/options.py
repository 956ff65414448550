"""Options that several commands share, and the two that may stand anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast

import typer

from api.terminal import Terminal
from gis.model.errors import FileRefusedError
from gis.model.kinds import Language

__all__ = ["Contacts", "Force", "Out", "PlanFile", "StudyFile", "existing", "take_global_options", "terminal_of"]

StudyFile = Annotated[Path, typer.Argument(metavar="STUDY.toml", help="研究文件。 The study file.")]
PlanFile = Annotated[Path, typer.Argument(metavar="DIR/plan.gpkg", help="方案文件。 The plan file.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="输出文件夹。 Output folder.")]
Force = Annotated[bool, typer.Option("--force", help="覆盖已有的输出文件夹。 Replace an earlier output folder.")]

Contacts = Annotated[
    Path | None, typer.Option("--contacts", metavar="FILE", help="值班联系人表（方案文件里没有）。 Duty contacts.")
]


def take_global_options(words: list[str]) -> tuple[list[str], Terminal]:
    """Take ``--lang zh|en`` and ``--json``, which may stand anywhere, out of the words.

    Raises
    ------
    typer.BadParameter
        For a language that is neither zh nor en.
    """
    rest: list[str] = []
    terminal = Terminal()
    feed = iter(words)
    for word in feed:
        if word == "--json":
            terminal.as_json = True
        elif word == "--lang" or word.startswith("--lang="):
            value = word.partition("=")[2] if "=" in word else next(feed, "")
            if value not in tuple(Language):
                raise typer.BadParameter(f"--lang {value!r}: zh | en")
            terminal.lang = Language(value)
        else:
            rest.append(word)
    return rest, terminal


def terminal_of(context: typer.Context) -> Terminal:
    """Return the terminal that the command speaks through."""
    return cast("Terminal", context.obj)


def existing(path: Path) -> Path:
    """Return `path` if it is a file; raise FileRefusedError otherwise."""
    if not path.is_file():
        raise FileRefusedError("file-missing", file=str(path))
    return path
