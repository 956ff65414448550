"""One case a finding code: what has to be wrong with the town for it to be told."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openpyxl
import shapely
from shapely import Point, Polygon, box

from gis.files.china_offset import gcj02_of_wgs84
from tests.gis.files.file_towns import (
    SOUTH,
    STEP,
    SUFFIX,
    WEST,
    Town,
    add_layer,
    make_town,
    rezipped_as_gbk,
    spot,
    square,
    write_empty,
)

ID_CARD = "11010519491231002X"  # the example of the standard itself, with a valid check digit
MOBILE = "13812345678"
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="passwd"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
    "</OGRVRTDataSource>"
)


@dataclass(frozen=True)
class Case:
    """A town with one fault, the table it stands in, and the record that is at fault (None: the whole table)."""

    make: Callable[[str], Town]
    table: str
    record: int | None = None
    formats: tuple[str, ...] = ()  # narrower than the catalogue's, where a writer's format matters


CASES: dict[str, Case] = {}


def case(code: str, table: str, *tables: str, record: int | None = None, formats: tuple[str, ...] = ()):
    """Register the decorated change of a fresh town as the case of `code`."""

    def take(change: Callable[[Town, str], None]) -> Callable[[Town, str], None]:
        def make(fmt: str) -> Town:
            town = make_town(*tables)
            change(town, fmt)
            return town

        assert code not in CASES, code
        CASES[code] = Case(make, table, record, formats)
        return change

    return take


def _set(table: str, record: int, **cells: object) -> Callable[[Town, str], None]:
    def change(town: Town, fmt: str) -> None:
        town.rows(table)[record].update(cells)

    return change


def _simple(code: str, table: str, *tables: str, record: int, **cells: object) -> None:
    case(code, table, *tables, record=record)(_set(table, record, **cells))


# --- files


@case("input-missing", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    town.finally_(Path.unlink)


@case("file-outside", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    town.section("inputs")["facilities"] = "../facilities" + SUFFIX[fmt]


@case("file-unreadable", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    def cut(path: Path) -> None:
        data = path.read_bytes()
        if fmt == "shp.zip":
            with zipfile.ZipFile(path) as archive:
                kept = {n: archive.read(n) for n in archive.namelist() if not n.endswith(".dbf")}
            with zipfile.ZipFile(path, "w") as archive:
                for name, part in kept.items():
                    archive.writestr(name, part)
        elif fmt.startswith("csv"):
            path.write_bytes(b"\x1f\x8b\x08\x00" + data[:20])  # gzip that ends too soon
        elif fmt == "gpkg":
            path.write_bytes(data[:100] + b"\xff" * 4000)
        else:
            path.write_bytes(data[: len(data) // 2])

    town.finally_(cut)


@case("file-kind-refused", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    town.finally_(lambda path: path.write_text(VRT, encoding="utf-8"))


@case("file-too-large", "facilities", "facilities", formats=("csv.gz", "xlsx", "shp.zip"))
def _(town: Town, fmt: str) -> None:
    """The limit itself is lowered by the test."""


@case("archive-unsafe", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    def escape(path: Path) -> None:
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("../evil.txt", "x")

    town.finally_(escape)


@case("encoding-unknown", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    town.finally_(lambda path: path.write_bytes(path.read_bytes() + b"\x81\x20\n"))


@case("encoding-read", "facilities", "facilities", formats=("csv-gb18030", "geojson", "shp.zip"))
def _(town: Town, fmt: str) -> None:
    def recode(path: Path) -> None:
        if fmt == "geojson":
            path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
        if fmt == "shp.zip":
            rezipped_as_gbk(town.rows("facilities"), path)

    town.finally_(recode)


@case("table-empty", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    def empty(path: Path) -> None:
        write_empty(town.rows("facilities"), path, fmt, "facilities")

    town.finally_(empty)


def _prepend(path: Path, fmt: str) -> None:
    if fmt == "xlsx":
        book = openpyxl.load_workbook(path)
        book.active.insert_rows(1)
        book.active["A1"] = "设施一览表"
        book.save(path)
    else:
        code = "gb18030" if fmt == "csv-gb18030" else "utf-8"
        path.write_text("设施一览表,,,,,\n" + path.read_text(encoding=code), encoding=code)


@case("header-below-title", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    town.finally_(lambda path: _prepend(path, fmt))


@case("layer-missing", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    name = "facilities.xlsx" if fmt == "xlsx" else "facilities.gpkg"
    town.section("inputs")["facilities"] = {"file": name, "layer": "不存在"}


@case("layer-chosen", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    def add(path: Path) -> None:
        if fmt == "xlsx":
            book = openpyxl.load_workbook(path)
            book.create_sheet("说明", 0).append(["填表说明"])
            book.save(path)
        else:
            add_layer(path, "notes")

    town.finally_(add)


@case("merged-cells-filled", "households")
def _(town: Town, fmt: str) -> None:
    def merge(path: Path) -> None:
        book = openpyxl.load_workbook(path)
        column = [c.value for c in book.active[1]].index("compound") + 1
        book.active.merge_cells(start_row=2, end_row=4, start_column=column, end_column=column)
        book.save(path)

    town.finally_(merge)


@case("row-ragged", "facilities", "facilities", record=1)
def _(town: Town, fmt: str) -> None:
    def widen(path: Path) -> None:
        code = "gb18030" if fmt == "csv-gb18030" else "utf-8"
        lines = path.read_text(encoding=code).splitlines()
        lines[2] += ",多,余"
        path.write_text("\n".join(lines), encoding=code)

    town.finally_(widen)


# --- columns


@case("column-missing", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    for row in town.rows("facilities"):
        del row["kind"]


@case("column-mapped-missing", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    town.section("columns")["facilities"] = {"tier": "级别名称"}


@case("column-recognised", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    for row in town.rows("facilities"):
        row["类型"] = row.pop("kind")


@case("column-twice", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    def repeat(path: Path) -> None:
        if fmt == "xlsx":
            book = openpyxl.load_workbook(path)
            book.active.cell(1, book.active.max_column + 1, "kind")
            book.save(path)
        else:
            code = "gb18030" if fmt == "csv-gb18030" else "utf-8"
            lines = path.read_text(encoding=code).splitlines()
            path.write_text("\n".join([lines[0] + ",kind", *(line + ",z" for line in lines[1:])]), encoding=code)

    town.finally_(repeat)


@case("column-ignored", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    town.rows("facilities")[0]["颜色"] = "红"


@case("column-personal", "households")
def _(town: Town, fmt: str) -> None:
    for row in town.rows("households"):
        row["户主姓名"] = "张三丰"


@case("id-personal", "households")
def _(town: Town, fmt: str) -> None:
    for row in town.rows("households"):
        row["household_id"] = ID_CARD


@case("personal-removed", "households", record=2)
def _(town: Town, fmt: str) -> None:
    town.rows("households")[2]["address"] = f"河边路3号 {MOBILE}"


@case("total-row-ignored", "households", record=5)
def _(town: Town, fmt: str) -> None:
    town.rows("households").append({"household_id": "合计", "households": 65, "residents": 165, "geometry": None})


# --- cells

_simple("id-empty", "households", record=1, household_id=None)
_simple("id-twice", "households", record=3, household_id="001")
_simple("id-scientific", "households", record=2, household_id="4.60102E+11")
_simple("value-empty", "facilities", "facilities", record=1, kind=None)
_simple("value-unknown", "facilities", "facilities", record=2, status="消失")
_simple("number-unreadable", "households", record=1, residents="约三十")
_simple("number-negative", "households", record=1, residents=-3)
_simple("number-not-whole", "households", record=1, residents=30.5)
_simple("number-too-large", "households", record=1, residents=460102001001)
_simple("number-outside-range", "workers", "workers", record=1, fte=1.5)
_simple("count-empty", "households", record=1, residents=None)
_simple("date-unreadable", "events", "events", record=2, at="昨天")


@case("id-rounded", "households", record=2)
def _(town: Town, fmt: str) -> None:
    town.rows("households")[2]["household_id"] = 632501001001000123


# --- places

_simple("coordinates-missing", "facilities", "facilities", record=1, geometry=None)
_simple("coordinates-swapped", "facilities", "facilities", record=1, geometry=Point(SOUTH + 0.004, WEST + 0.004))
_simple("coordinates-outside", "facilities", "facilities", record=1, geometry=Point(200.0, 95.0))
_simple("coordinates-far", "facilities", "facilities", record=1, geometry=Point(WEST + 3, SOUTH))


@case("coordinates-not-finite", "facilities", "facilities", record=1)
def _(town: Town, fmt: str) -> None:
    for row in town.rows("facilities"):
        shape = row.pop("geometry")
        row |= {"x": shape.x, "y": shape.y}
    town.rows("facilities")[1]["x"] = "inf"


@case("coordinates-swapped-all", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    for row in town.rows("facilities"):
        row["geometry"] = Point(row["geometry"].y, row["geometry"].x)


@case("coordinates-look-offset", "households")
def _(town: Town, fmt: str) -> None:
    """Homes all along the inner side of the borders, as a web map gives them."""
    along = [0.03 + 0.94 * n / 9 for n in range(10)]
    spots = [spot(2 * a, b) for a in along for b in (0.03, 0.97)]
    town.tables["households"] = [
        {"household_id": f"G{n}", "households": 3, "geometry": Point(gcj02_of_wgs84(np.array([[p.x, p.y]]))[0])}
        for n, p in enumerate(spots)
    ]


@case("crs-unknown", "facilities", "facilities")
def _(town: Town, fmt: str) -> None:
    for n, row in enumerate(town.rows("facilities")):
        row["geometry"] = Point(590_000 + n, 3_940_000)
    town.no_crs = True


@case("crs-taken-as-equal", "areas")
def _(town: Town, fmt: str) -> None:
    """The study is in CGCS2000, the files are in WGS 84."""


_simple("geometry-unreadable", "areas", record=1, geometry="POLYGON((")
_simple("geometry-empty", "areas", record=1, geometry=None)
_LINE = shapely.LineString([(WEST, SOUTH), (WEST + STEP, SOUTH)])


@case("geometry-wrong-type", "areas")
def _(town: Town, fmt: str) -> None:
    for row in town.rows("areas")[1 : None if fmt == "shp.zip" else 2]:  # a Shapefile holds one kind only
        row["geometry"] = _LINE
    if fmt == "shp.zip":
        town.rows("areas")[0]["geometry"] = _LINE


_BOWTIE = Polygon([(WEST, SOUTH), (WEST + STEP, SOUTH + STEP), (WEST + STEP, SOUTH), (WEST, SOUTH + STEP)])
_simple("geometry-repaired", "areas", record=1, geometry=_BOWTIE)
_SPIKE = Polygon([(WEST, SOUTH), (WEST + STEP, SOUTH), (WEST, SOUTH), (WEST, SOUTH)])
_simple("geometry-unrepairable", "areas", record=1, geometry=_SPIKE)

# --- areas


@case("community-absent", "areas")
def _(town: Town, fmt: str) -> None:
    for row in town.rows("areas"):
        row["level"] = "county"
        row["parent_id"] = None


@case("level-ignored", "areas")
def _(town: Town, fmt: str) -> None:
    town.study["levels"] = {"community": "社区"}
    for row, level in zip(town.rows("areas"), ("省", "社区", "社区"), strict=True):
        row["level"] = level


_simple("parent-unknown", "areas", record=1, parent_id="9999")
_simple("parent-not-above", "areas", record=1, parent_id="632502")


@case("parent-by-location", "areas")
def _(town: Town, fmt: str) -> None:
    town.rows("areas")[1]["parent_id"] = None


@case("areas-overlap", "areas", record=2)
def _(town: Town, fmt: str) -> None:
    town.rows("areas")[2]["geometry"] = box(WEST + 0.9 * STEP, SOUTH, WEST + 2 * STEP, SOUTH + STEP)


@case("overlap-cut", "areas", record=2)
def _(town: Town, fmt: str) -> None:
    town.rows("areas")[2]["geometry"] = box(WEST + 0.999 * STEP, SOUTH, WEST + 2 * STEP, SOUTH + STEP)


@case("dedicated-subtracted", "areas", record=2)
def _(town: Town, fmt: str) -> None:
    row = town.rows("areas")[2]
    row["geometry"] = box(WEST + 0.9 * STEP, SOUTH, WEST + 2 * STEP, SOUTH + STEP)
    row["profile"] = "dedicated"


@case("level-gap", "areas", record=0)
def _(town: Town, fmt: str) -> None:
    town.rows("areas")[0]["geometry"] = square(0).union(square(1)).union(square(2))


@case("level-overhang", "areas", record=0)
def _(town: Town, fmt: str) -> None:
    town.rows("areas")[0]["geometry"] = square(0).union(square(1, size=STEP).intersection(square(1, size=STEP / 2)))


# --- households and units


@case("household-without-place", "households", "buildings", record=1)
def _(town: Town, fmt: str) -> None:
    town.rows("households")[1] |= {"geometry": None, "building_id": "B99", "address": None}


_simple("household-outside", "households", record=1, geometry=spot(0.5, 3.0))
_simple("household-near-border", "households", record=1, geometry=spot(0.5, 1.01))


@case("community-unknown", "households", record=1)
def _(town: Town, fmt: str) -> None:
    town.rows("households")[1]["community_id"] = "城北"


@case("community-contradicts-place", "households", record=1)
def _(town: Town, fmt: str) -> None:
    town.rows("households")[1]["community_id"] = "632502"


@case("building-unknown", "households", "buildings", record=1)
def _(town: Town, fmt: str) -> None:
    town.rows("households")[1]["building_id"] = "B99"


@case("households-without-building", "households", "buildings")
def _(town: Town, fmt: str) -> None:
    town.rows("buildings").pop()


@case("households-none", "households")
def _(town: Town, fmt: str) -> None:
    for row in town.rows("households"):
        row["households"] = 0


@case("group-above-residents", "households", record=1)
def _(town: Town, fmt: str) -> None:
    for n, row in enumerate(town.rows("households")):
        row["elder_80_alone"] = 99 if n == 1 else 1


_simple("residents-below-households", "households", record=1, residents=5)
_simple("unit-outside", "units", "units", record=1, geometry=square(5))

# --- tables that speak of others

_simple("path-node-unknown", "paths", "paths", "paths_nodes", record=1, v="n9")
case("paths-nodes-absent", "paths", "paths")(lambda town, fmt: None)
_simple("grouping-unknown", "groupings", "groupings", record=1, unit_id="099")
_simple("grouping-alone", "groupings", "groupings", record=2, group="9")
_simple("reference-unknown", "present", "present", record=1, household_id="099")


@case("event-unlocated", "events", "events", record=1)
def _(town: Town, fmt: str) -> None:
    town.rows("events")[1]["geometry"] = None


@case("more-alike", "households")
def _(town: Town, fmt: str) -> None:
    town.rows("households").extend(
        {"household_id": f"1{n}", "households": 1, "residents": -1, "geometry": spot(0.5, 0.5)} for n in range(60)
    )
