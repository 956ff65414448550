"""One input table: opened by what it is, its columns matched, its cells checked; all findings told."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from gis.files import privacy
from gis.files.columns import ColumnCells, check_column, check_ids
from gis.files.delimited import read_delimited
from gis.files.feature_collection import read_feature_collection
from gis.files.file_kind import FileKind, kind_of
from gis.files.headers import match_headers
from gis.files.input_tables import InputTable, ValueKind
from gis.files.layers import read_geopackage, read_shapefile
from gis.files.notebook import Notebook, Place
from gis.files.repair import Shapes
from gis.files.source import SAMPLED_ROWS, SourceTable
from gis.files.study_file import InputPath
from gis.files.workbook import read_workbook
from gis.model.errors import FileRefusedError

__all__ = ["TypedTable", "digest_of", "read_table"]

_CHUNK_BYTES = 1 << 20
_TOTAL_WORDS = frozenset({"合计", "总计", "小计", "合計", "總計", "小計", "total", "sum", "totals"})


@dataclass(frozen=True, slots=True, eq=False)
class TypedTable:
    """A table with our columns, checked cell by cell; not yet in metres.

    Parameters
    ----------
    spec
        What the table should be.
    frame
        Our columns; RangeIndex.
    place
        Where every row stands in the file.
    theirs
        Our column -> their header.
    shapes
        Geometries in the file's coordinates; None where the file has none.
    crs
        CRS that the file names; None where it names none.
    """

    spec: InputTable
    frame: pd.DataFrame
    place: Place
    theirs: Mapping[str, str]
    shapes: Shapes | None
    crs: str | None

    @property
    def ids(self) -> np.ndarray | None:
        """Id of every row, for findings; None where the table has no id."""
        return self.frame[self.spec.id].to_numpy(dtype=object) if self.spec.id in self.frame else None


def digest_of(path: Path) -> str:
    """Return the sha256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_CHUNK_BYTES):
            digest.update(part)
    return digest.hexdigest()


def read_table(given: InputPath, spec: InputTable, mapping: Mapping[str, str], book: Notebook) -> TypedTable | None:
    """Read and check one table; None where nothing of it can be used."""
    if not given.path.is_file():
        book.add("input-missing", table=spec.name, file=given.name)
        return None
    try:
        source = _open(given, spec, mapping, book)
    except FileRefusedError as refused:
        book.add_facts(refused.code, refused.facts, table=spec.name, file=given.name)
        return None
    except OSError as fault:
        book.add("file-unreadable", table=spec.name, file=given.name, reason=type(fault).__name__)
        return None
    for code, facts in source.facts.items():
        book.add_facts(code, facts, table=spec.name, file=given.name)
    if len(source.rows) == 0:
        if not book.refused(spec.name):
            book.add("table-empty", table=spec.name, file=given.name)
        return None
    return _typed(source, spec, mapping, book, given.name)


def _open(given: InputPath, spec: InputTable, mapping: Mapping[str, str], book: Notebook) -> SourceTable:
    kind = kind_of(given.path)
    if kind in (FileKind.CSV, FileKind.CSV_GZ):
        return read_delimited(given.path, kind, spec, mapping, book)
    if kind is FileKind.XLSX:
        return read_workbook(given.path, spec, mapping, book, layer=given.layer)
    if kind is FileKind.GEOJSON:
        return read_feature_collection(given.path)
    if kind is FileKind.GPKG:
        return read_geopackage(given.path, spec, mapping, book, layer=given.layer)
    return read_shapefile(given.path, kind, layer=given.layer)


def _typed(
    source: SourceTable, spec: InputTable, mapping: Mapping[str, str], book: Notebook, file: str
) -> TypedTable | None:
    headers = [*source.frame.columns, *source.sample.columns]
    headers = [h for h in headers if "\x00" not in h]
    cut = source.kind in (FileKind.SHP, FileKind.SHP_ZIP)
    match = match_headers(spec, headers, mapping, book, file=file, truncated=cut)
    _tell_unused(source, match.unused, spec, book, file)
    theirs = {ours: h for ours, h in match.theirs.items() if _may_pass(ours, h, spec, book, file)}
    if not _complete(spec, set(theirs), has_shapes=source.geometry is not None, book=book, file=file):
        return None
    place = Place(spec.name, file, source.rows, source.counts_rows)
    source, place = _without_totals(source, spec, theirs, place, book)
    frame = _checked(source.frame, spec, theirs, place, book)
    shapes = source.geometry
    if shapes is None and "geometry" in theirs:
        shapes = _from_wkt(source.frame[theirs["geometry"]], spec, place, theirs["geometry"], book)
    return TypedTable(spec, frame, place, theirs, shapes, source.crs)


def _may_pass(ours: str, header: str, spec: InputTable, book: Notebook, file: str) -> bool:
    """Whether a column may be taken: a header that names persons passes only as a duty contact."""
    if not privacy.is_personal_header(header, spec.name) or ours == privacy.DUTY_PHONE:
        return True
    code = "id-personal" if ours == spec.id else "column-personal"
    book.add(code, table=spec.name, file=file, column=header)
    return False


def _tell_unused(source: SourceTable, unused: tuple[str, ...], spec: InputTable, book: Notebook, file: str) -> None:
    plain = []
    for header in unused:
        column = source.sample[header] if header in source.sample else source.frame[header].head(SAMPLED_ROWS)
        if privacy.is_personal_header(header, spec.name) or (
            spec.name != privacy.CONTACTS and privacy.looks_personal(column)
        ):
            book.add("column-personal", table=spec.name, file=file, column=header)
        else:
            plain.append(header)
    if plain:
        book.add("column-ignored", table=spec.name, file=file, columns=", ".join(plain))


def _complete(spec: InputTable, present: set[str], *, has_shapes: bool, book: Notebook, file: str) -> bool:
    """Tell every column that is missing; whether the table can be read without them."""
    held = present | ({"geometry"} if has_shapes else set())
    missing = [c.name for c in spec.columns.values() if c.required and c.name not in held and c.name != "geometry"]
    missing += [
        " / ".join(" + ".join(alternative) for alternative in need)
        for need in spec.needs
        if not any(set(alternative) <= held for alternative in need)
    ]
    for name in missing:
        column = spec.columns.get(name)
        book.add(
            "column-missing",
            table=spec.name,
            file=file,
            column=name,
            ours=name,
            label=column.zh if column else name,
        )
    return not missing


def _without_totals(
    source: SourceTable, spec: InputTable, theirs: Mapping[str, str], place: Place, book: Notebook
) -> tuple[SourceTable, Place]:
    """Leave out rows of totals, which a spreadsheet often ends with."""
    header = theirs.get(spec.id or "")
    if header is None or not source.counts_rows:
        return source, place
    column = source.frame[header]
    if pd.api.types.is_numeric_dtype(column.dtype):
        return source, place
    tail = column.tail(5).astype("str").str.strip().str.lower().isin(_TOTAL_WORDS)
    totals = np.zeros(len(column), dtype=bool)
    totals[tail.index[tail.to_numpy()].to_numpy(dtype=int)] = True
    if not totals.any():
        return source, place
    book.at("total-row-ignored", place, totals)
    keep = ~totals
    kept = SourceTable(
        source.kind, source.frame[keep].reset_index(drop=True), source.rows[keep], None, source.crs, source.sample
    )
    return kept, Place(place.table, place.file, source.rows[keep], place.counts_rows)


def _checked(
    cells: pd.DataFrame, spec: InputTable, theirs: Mapping[str, str], place: Place, book: Notebook
) -> pd.DataFrame:
    """Return our columns as values."""
    made: dict[str, object] = {}
    ids = None
    if spec.id is not None and spec.id in theirs:
        own = check_ids(ColumnCells(cells[theirs[spec.id]], spec.columns[spec.id], theirs[spec.id], place, book))
        made[spec.id], ids = own, own.to_numpy(dtype=object)
    for name, header in theirs.items():
        column = spec.columns[name]
        if name != spec.id and column.kind is not ValueKind.GEOMETRY:
            made[name] = check_column(ColumnCells(cells[header], column, header, place, book, ids))
    frame = pd.DataFrame(made, index=pd.RangeIndex(len(cells)))
    return frame[[c for c in spec.columns if c in frame]]


def _from_wkt(cells: pd.Series, spec: InputTable, place: Place, header: str, book: Notebook) -> Shapes:
    """Return the geometries that a text column holds."""
    texts = cells.astype(object).where(cells.notna(), None).to_numpy(dtype=object)
    made: Shapes = shapely.from_wkt(texts, on_invalid="ignore")
    filled = np.array([t is not None for t in texts], dtype=bool)
    book.at("geometry-unreadable", place, filled & shapely.is_missing(made), column=header)
    return made
