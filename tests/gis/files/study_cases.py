"""One case a finding of study.toml itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.gis.files.file_towns import Town

StudyCase = Callable[[Town, Path], None]
GOOD_POINTS = "local_x,local_y,x,y\n0,0,100.0,35.58\n1000,0,100.011,35.58\n0,1000,100.0,35.589\n"
POOR_POINTS = GOOD_POINTS + "1000,1000,100.012,35.590\n"


def _unreadable(town: Town, folder: Path) -> None:
    town.broken = True


def _unknown_key(town: Town, folder: Path) -> None:
    town.section("grids")["rng_sed"] = 1


def _missing_key(town: Town, folder: Path) -> None:
    del town.tables["areas"]


def _nonsense(town: Town, folder: Path) -> None:
    town.section("grids")["households_min"] = -5


def _half_a_band(town: Town, folder: Path) -> None:
    town.section("grids")["households_min"] = 600


def _study_crs(town: Town, folder: Path) -> None:
    town.section("study")["crs"] = "EPSG:4326"


def _crs_of(town: Town, folder: Path) -> None:
    town.section("crs_of")["facilities"] = "火星坐标"


def _no_crs(town: Town, folder: Path) -> None:
    del town.section("study")["crs"]


def _points(text: str) -> StudyCase:
    def change(town: Town, folder: Path) -> None:
        (folder / "points.csv").write_text(text, encoding="utf-8")
        town.section("crs_of")["facilities"] = {"control_points": "points.csv"}

    return change


def _service(**changes: object) -> StudyCase:
    def change(town: Town, folder: Path) -> None:
        service = {"id": "s", "kind": "clinic", "demand": "residents", "max_walk_m": 500, "level": "5min"}
        town.study["services"] = [service | changes]

    return change


STUDY_CASES: dict[str, StudyCase] = {
    "study-unreadable": _unreadable,
    "study-key-unknown": _unknown_key,
    "study-key-missing": _missing_key,
    "study-value-nonsense": _nonsense,
    "band-end-missing": _half_a_band,
    "study-crs-unknown": _study_crs,
    "crs-unreadable": _crs_of,
    "crs-chosen": _no_crs,
    "control-points-unusable": _points("local_x,local_y,x,y\n0,0,100,35\n"),
    "control-points-poor": _points(POOR_POINTS),
    "control-points-fitted": _points(GOOD_POINTS),
    "service-without-facility": _service(kind="clinik"),
    "service-demand-unknown": _service(demand="cats"),
}
