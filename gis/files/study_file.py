"""study.toml: what it says, with every key that it should not hold told at once."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath

from pyproj import CRS
from pyproj.exceptions import CRSError

from gis.files.input_tables import input_tables
from gis.files.notebook import Notebook, nearest_word
from gis.files.study_settings import resolve_settings
from gis.model.crs import require_metres
from gis.model.errors import SettingError
from gis.model.kinds import Level
from gis.model.study import StudySettings

__all__ = ["InputPath", "StudyFile", "read_study_file"]

SECTIONS = (
    "study",
    "digests",
    "inputs",
    "crs_of",
    "columns",
    "levels",
    "grids",
    "micro_grids",
    "communities",
    "services",
    "siting",
    "posting",
    "profiles",
    "visits",
    "staff",
    "targets",
    "digests",  # of a resolved study, for the record
)
STUDY_KEYS = ("id", "name", "profile", "crs", "notice_zh", "notice_en", "credits", "min_shared_m", "detour_factor")
_ID = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class InputPath:
    """One file of ``[inputs]``: where it is, and which layer or sheet of it is meant."""

    path: Path
    name: str
    layer: str | None = None


@dataclass(frozen=True, slots=True)
class StudyFile:
    """A study file after reading: settings resolved, paths resolved, mappings as given.

    Parameters
    ----------
    folder
        Folder that paths are relative to.
    inputs
        Table -> file.
    columns
        Table -> (ours -> theirs).
    crs_of
        Table -> CRS as the file says it.
    levels
        Their level -> ours; empty when the study does not map them.
    crs
        Projected CRS asked for, or None.
    digest
        sha256 of the study file.
    """

    folder: Path
    settings: StudySettings
    inputs: Mapping[str, InputPath]
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    crs_of: Mapping[str, object] = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)
    crs: str | None = None
    digest: str = ""


def read_study_file(path: Path, book: Notebook) -> StudyFile | None:
    """Read `path`; findings go into `book`. None when it cannot be read at all."""
    content = _parsed(path, book)
    if content is None:
        return None
    text, raw = content
    check_keys(raw, SECTIONS, "", book)
    study = section(raw, "study", book)
    check_keys(study, STUDY_KEYS, "study", book)
    if not _ID.fullmatch(str(study.get("id", ""))):
        _nonsense(book, "study.id", study.get("id", ""), "a-z, 0-9, -")
    settings = resolve_settings(raw, book)
    return StudyFile(
        folder=path.parent,
        settings=settings,
        inputs=_inputs(section(raw, "inputs", book), path.parent, book),
        columns=_columns(section(raw, "columns", book), tuple(v.key for v in settings.visits), book),
        crs_of=_crs_of(section(raw, "crs_of", book), book),
        levels=_levels(section(raw, "levels", book), book),
        crs=_crs(study.get("crs"), book),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def _parsed(path: Path, book: Notebook) -> tuple[str, dict[str, object]] | None:
    if not path.is_file():
        book.add("input-missing", table="study", file=path.name)
        return None
    try:
        text = path.read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        book.add("study-unreadable", table="study", file=path.name, reason=str(fault))
        return None


def section(raw: Mapping[str, object], name: str, book: Notebook) -> dict[str, object]:
    """Return one table of the study file; something else in its place is a finding."""
    value = raw.get(name, {})
    if isinstance(value, dict):
        return value
    _nonsense(book, name, type(value).__name__, f"[{name}]")
    return {}


def check_keys(given: Mapping[str, object], known: tuple[str, ...], where: str, book: Notebook) -> None:
    """Tell every key that is not among `known`, with the nearest known spelling."""
    for key in given:
        if key not in known:
            near = nearest_word(key, known)
            book.add(
                "study-key-unknown",
                table="study",
                key=f"{where}.{key}" if where else key,
                nearest=near or "–",
                known=", ".join(known),
            )


def _nonsense(book: Notebook, key: str, value: object, allowed: str) -> None:
    book.add("study-value-nonsense", table="study", key=key, value=str(value), allowed=allowed)


def _inputs(given: Mapping[str, object], folder: Path, book: Notebook) -> dict[str, InputPath]:
    check_keys(given, tuple(input_tables()), "inputs", book)
    made = {}
    for table in input_tables():
        entry = given.get(table)
        if entry is None or entry == "":
            continue
        parts = entry if isinstance(entry, dict) else {"file": entry}
        name = parts.get("file")
        if not isinstance(name, str) or not set(parts) <= {"file", "layer", "sheet"}:
            _nonsense(book, f"inputs.{table}", entry, '"file.csv", { file = "file.gpkg", layer = "layer" }')
        elif _leaves_folder(name):
            book.add("file-outside", table=table, file=PureWindowsPath(name).name)
        else:
            layer = parts.get("layer") or parts.get("sheet")
            path = folder / PurePosixPath(name.replace("\\", "/"))
            made[table] = InputPath(path, path.name, str(layer) if layer else None)
    if "areas" not in given:
        book.add("study-key-missing", table="study", key="inputs.areas")
    if "households" not in given and "units" not in given:
        book.add("study-key-missing", table="study", key="inputs.households")
    return made


def _leaves_folder(name: str) -> bool:
    """Whether a path leads out of the folder of the study file."""
    windows, posix = PureWindowsPath(name), PurePosixPath(name)
    return windows.is_absolute() or posix.is_absolute() or bool(windows.drive) or ".." in windows.parts


def _columns(given: Mapping[str, object], groups: tuple[str, ...], book: Notebook) -> dict[str, dict[str, str]]:
    check_keys(given, tuple(input_tables()), "columns", book)
    made = {}
    for table, spec in input_tables().items():
        mapping = given.get(table, {})
        if not isinstance(mapping, dict):
            _nonsense(book, f"columns.{table}", mapping, f'[columns.{table}] ours = "theirs"')
            continue
        known = (*spec.columns, *(groups if spec.groups else ()))
        check_keys(mapping, known, f"columns.{table}", book)
        made[table] = {ours: str(theirs) for ours, theirs in mapping.items() if ours in known}
    return made


def _crs_of(given: Mapping[str, object], book: Notebook) -> dict[str, object]:
    placed = tuple(name for name, spec in input_tables().items() if spec.shapes)
    check_keys(given, placed, "crs_of", book)
    return {table: value for table, value in given.items() if table in placed}


def _levels(given: Mapping[str, object], book: Notebook) -> dict[str, Level]:
    ours = tuple(str(level) for level in Level)
    check_keys(given, ours, "levels", book)
    made: dict[str, Level] = {}
    for level in Level:
        theirs = given.get(str(level), [])
        for word in theirs if isinstance(theirs, list) else [theirs]:
            made[str(word)] = level
    return made


def _crs(given: object, book: Notebook) -> str | None:
    if given is None or given == "":
        return None
    try:
        return require_metres(CRS.from_user_input(str(given))).to_string()
    except (CRSError, SettingError):
        book.add("study-crs-unknown", table="study", value=str(given)[:80])
        return None
