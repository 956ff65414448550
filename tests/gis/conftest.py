"""A town small enough to add up in the head: three communities of 100 m squares."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from gis.measures import measure_coverage, measure_grids, measure_plan, with_workload
from gis.model.kinds import GridKind, StoppedBy
from gis.model.outcome import Outcome
from gis.model.plan import GridInfo, Plan
from gis.model.results import SolverAnswer, SolveReport, Staffing
from gis.model.standards import ServiceStandard, Target
from gis.model.study import StudyArea, StudySettings

CRS = "EPSG:3414"
SIDE_M = 100.0


def _square(column: int, row: int, columns: int = 1, rows: int = 1) -> shapely.Polygon:
    return shapely.box(column * SIDE_M, row * SIDE_M, (column + columns) * SIDE_M, (row + rows) * SIDE_M)


def _areas() -> gpd.GeoDataFrame:
    table = pd.DataFrame(
        [
            ("T", "county", "Town", None, None, None, _square(0, 0, 8, 2)),
            ("S", "subdistrict", "South", "T", None, None, _square(0, 0, 8, 2)),
            ("A", "community", "Alder", "S", "urban", "urban", _square(0, 0, 4, 2)),
            ("B", "community", "Birch", "S", "rural", "urban", _square(4, 0, 2, 2)),
            ("C", "community", "Cedar", "S", "urban", "urban", _square(6, 0, 2, 2)),
        ],
        columns=["area_id", "level", "name", "parent_id", "settlement", "profile", "geometry"],
    )
    return gpd.GeoDataFrame(table.set_index("area_id"), geometry="geometry", crs=CRS)


def _units() -> gpd.GeoDataFrame:
    rows = []
    for column in range(6):
        for row in range(2):
            community = "A" if column < 4 else "B"
            rows.append((f"u{column}{row}", community, 100, 250, 2, 3 if column == 0 else 0, _square(column, row)))
    rows.append(("v0", "C", 0, 0, 0, 0, _square(6, 0, 2, 2)))
    columns = ["unit_id", "community_id", "households", "residents", "buildings", "elder_special", "geometry"]
    table = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns).set_index("unit_id"), geometry="geometry", crs=CRS)
    place = table.geometry.centroid
    table = table.assign(
        compound=pd.array(["court"] * 4 + [None] * 9, dtype="str"),
        workload_h=0.0,
        area_m2=table.geometry.area,
        locked=False,
        x=place.x,
        y=place.y,
    )
    first = ["community_id", "compound", "households", "residents", "buildings", "workload_h", "area_m2", "locked"]
    return table[[*first, "elder_special", "x", "y", "geometry"]].sort_index()


def _adjacency() -> pd.DataFrame:
    pairs = [(f"u{c}0", f"u{c}1") for c in range(6)]
    pairs += [(f"u{c}{r}", f"u{c + 1}{r}") for c in (0, 1, 2, 4) for r in range(2)]  # none across a community
    table = pd.DataFrame(sorted(pairs), columns=["unit_a", "unit_b"])
    return table.assign(shared_m=SIDE_M, via="border")


def _facilities() -> gpd.GeoDataFrame:
    rows = [
        ("f1", "clinic", "First clinic", "existing", shapely.Point(50, 50)),
        ("f2", "clinic", "Second site", "candidate", shapely.Point(550, 50)),
        ("f3", "clinic", "Old clinic", "closed", shapely.Point(350, 50)),
    ]
    table = pd.DataFrame(rows, columns=["facility_id", "kind", "name", "status", "geometry"]).set_index("facility_id")
    table = table.assign(capacity_residents=float("nan"), floor_area_m2=120.0, cost=float("nan"))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=CRS)


def _reach(units: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame, reach_m: float) -> pd.DataFrame:
    rows = [
        (unit_id, facility_id, abs(x - at.x) + abs(y - at.y), "network")
        for unit_id, x, y in zip(units.index, units["x"], units["y"], strict=True)
        for facility_id, at in facilities.geometry.items()
    ]
    table = pd.DataFrame(rows, columns=["unit_id", "facility_id", "walk_m", "walk_basis"])
    return table[table["walk_m"] <= reach_m].sort_values(["unit_id", "walk_m", "facility_id"], ignore_index=True)


@pytest.fixture(scope="session")
def town() -> StudyArea:
    """Alder: 4 x 2 units of 100 households and 250 residents; Birch: 2 x 2; Cedar: one empty unit.

    A clinic in the south-western corner, one candidate in Birch, one closed; walks follow the lattice.
    """
    units, facilities = _units(), _facilities()
    barriers = gpd.GeoDataFrame(
        {"kind": ["river"], "name": ["Long River"]},
        geometry=[shapely.LineString([(0, 0), (800, 0)])],
        crs=CRS,
    )
    settings = StudySettings(
        "little-town",
        "Little Town",
        notice_zh="示例数据。",
        notice_en="Sample data.",
        services=(ServiceStandard("clinic_200", "clinic", "residents", 200.0, "5min"),),
        targets=(Target("clinic", ">=", 0.8, per="residents"),),
    )
    workers = pd.DataFrame(
        {
            "role": ["grid_worker"] * 3,
            "contract": ["full"] * 3,
            "fte": 1.0,
            "skills": "",
            "languages": "",
            "grid_id": pd.array([None] * 3, dtype="str"),
            "community_id": ["A", "A", "B"],
            "x": 0.0,
            "y": 0.0,
        },
        index=pd.Index(["w1", "w2", "w3"], name="worker_id"),
    )
    study = StudyArea(
        settings=settings,
        crs=CRS,
        areas=_areas(),
        units=units,
        adjacency=_adjacency(),
        barriers=barriers,
        facilities=facilities,
        workers=workers,
        reach=_reach(units, facilities, 500.0),
        reach_m=500.0,
        group_columns=("elder_special",),
    )
    return with_workload(study)


@pytest.fixture(scope="session")
def plan(town: StudyArea) -> Plan:
    """Alder in two grids of 2 x 2 units, Birch in one, Cedar empty."""
    grid_of = {"u0": "A001", "u1": "A001", "u2": "A002", "u3": "A002", "u4": "B001", "u5": "B001", "v0": "C001"}
    assignment = pd.Series({u: grid_of[u[:2]] for u in town.units.index})
    grids = [
        GridInfo("A001", "A"),
        GridInfo("A002", "A"),
        GridInfo("B001", "B"),
        GridInfo("C001", "C", GridKind.EMPTY),
    ]
    return Plan.of("little-town", assignment, grids)


@pytest.fixture(scope="session")
def outcome(town: StudyArea, plan: Plan) -> Outcome:
    """The town with its plan, measured; one lead a grid."""
    report = SolveReport("by hand", 0, StoppedBy.WORK, 0.0)
    grids = measure_grids(town, plan, report)
    coverage = measure_coverage(town, plan)
    postings = pd.DataFrame(
        {
            "worker_id": ["w1", "w2", "w3"],
            "grid_id": ["A001", "A002", "B001"],
            "role": "grid_worker",
            "hours_h": grids["workload_h"].iloc[:3].to_numpy(),
            "walk_m": [10.0, 20.0, 30.0],
        }
    )
    answer = SolverAnswer("optimal", 0.0, 0.0, 0.0, 0.0, "by hand")
    staffing = Staffing(postings, (), {}, answer)
    return Outcome(
        study=town,
        plan=plan,
        report=report,
        grids=grids,
        staffing=staffing,
        sitings=(),
        coverage=coverage,
        scorecard=measure_plan(town, plan, coverage, report=report, grids=grids, staffing=staffing),
    )
