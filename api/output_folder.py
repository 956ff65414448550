"""An output folder that appears whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis.model.errors import FileRefusedError

__all__ = ["refuse_existing", "whole_folder"]

OURS = ("plan.gpkg", "public.gpkg", "alternatives.html", "communities.gpkg")  # a folder with one of these was ours


def refuse_existing(folder: Path, *, force: bool) -> None:
    """Raise FileRefusedError if `folder` is there already and must not be replaced."""
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists() and not force:
        raise FileRefusedError("output-exists", folder=str(folder))
    if folder.exists() and not _is_ours(folder):
        raise FileRefusedError("output-not-ours", folder=str(folder))


def _is_ours(folder: Path) -> bool:
    """Whether the folder was written by us before: only then may it be replaced."""
    return folder.is_dir() and any((folder / name).is_file() for name in OURS)


@contextmanager
def whole_folder(folder: Path, *, force: bool = False) -> Iterator[Path]:
    """Give a draft folder beside `folder`; put it in place when the block ends well.

    Nothing is left behind when the block fails, and an earlier folder stays as it was.
    """
    refuse_existing(folder, force=force)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise FileRefusedError("output-not-writable", folder=str(folder), reason=error.strerror or "") from error
    try:
        yield draft
        draft.chmod(0o755)
        if folder.exists():
            old = draft.with_name(draft.name + "-old")
            folder.rename(old)
            draft.rename(folder)
            shutil.rmtree(old)
        else:
            draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
