"""River town: 24 units of 100 households on two banks, an empty strip north of them, one bridge.

West bank (community 610001): three grids of four units, 400 households each, all in the band 300-500.
East bank (610002): grids of six, four and two units: 600 (above), 400, 200 (below).
North strip (610003): one unit without households, one empty grid.
Every unit with households has 250 residents, one building and 200 hours of work a year.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString, Point, box

from gis.model.kinds import Better, GridKind, Proof, StoppedBy
from gis.model.outcome import Outcome
from gis.model.plan import GridInfo, Plan
from gis.model.results import Coverage, Siting, SolverAnswer, SolveReport, Staffing, TerritoryReport
from gis.model.scorecard import Score, Scorecard
from gis.model.standards import ServiceStandard
from gis.model.study import StudyArea, StudySettings

CRS = "EPSG:4547"
EAST0, NORTH0, SIDE = 500_000.0, 3_400_000.0, 100.0
WEST, EAST, NORTH = "610001", "610002", "610003"
GRID_OF_COLUMN_ROW = {
    **{(c, r): f"{WEST}00{1 + c}" for c in range(3) for r in range(4)},
    **{(c, r): f"{EAST}001" for c in (3, 4) for r in (1, 2, 3)},
    **{(c, r): f"{EAST}002" for c in (5,) for r in range(4)},
    **{(c, 0): f"{EAST}003" for c in (3, 4)},
}
ANSWER = SolverAnswer("optimal", 1.0, 1.0, 0.0, 0.1, "HiGHS")
ELDERS = ServiceStandard("eldercare_500", "eldercare", "residents", 500.0, "5min")
CLINIC = ServiceStandard("clinic_300", "clinic", "residents", 300.0, "5min")


def _square(column: int, row: int) -> object:
    return box(EAST0 + column * SIDE, NORTH0 + row * SIDE, EAST0 + (column + 1) * SIDE, NORTH0 + (row + 1) * SIDE)


def _units() -> gpd.GeoDataFrame:
    rows = [
        {
            "unit_id": f"u{c}{r}",
            "community_id": WEST if c < 3 else EAST,
            "compound": "河畔小区" if c < 3 else None,
            "households": 100,
            "residents": 250,
            "buildings": 1,
            "workload_h": 200.0,
            "area_m2": SIDE * SIDE,
            "locked": False,
            "elder_80_alone": 3,
            "x": EAST0 + (c + 0.5) * SIDE,
            "y": NORTH0 + (r + 0.5) * SIDE,
            "geometry": _square(c, r),
        }
        for c, r in sorted(GRID_OF_COLUMN_ROW)
    ]
    strip = box(EAST0, NORTH0 + 4 * SIDE, EAST0 + 6 * SIDE, NORTH0 + 5 * SIDE)
    empty = {
        "unit_id": "u99",
        "community_id": NORTH,
        "compound": None,
        "households": 0,
        "residents": 0,
        "buildings": 0,
        "workload_h": 0.0,
        "area_m2": strip.area,
        "locked": False,
        "elder_80_alone": 0,
        "x": strip.centroid.x,
        "y": strip.centroid.y,
        "geometry": strip,
    }
    return gpd.GeoDataFrame([*rows, empty], crs=CRS).set_index("unit_id")


def _areas(names: dict[str, str]) -> gpd.GeoDataFrame:
    shapes = {
        WEST: box(EAST0, NORTH0, EAST0 + 3 * SIDE, NORTH0 + 4 * SIDE),
        EAST: box(EAST0 + 3 * SIDE, NORTH0, EAST0 + 6 * SIDE, NORTH0 + 4 * SIDE),
        NORTH: box(EAST0, NORTH0 + 4 * SIDE, EAST0 + 6 * SIDE, NORTH0 + 5 * SIDE),
        "610": box(EAST0, NORTH0, EAST0 + 6 * SIDE, NORTH0 + 5 * SIDE),
    }
    default = {WEST: "河西社区", EAST: "河东社区", NORTH: "河北社区", "610": "河镇"}
    return gpd.GeoDataFrame(
        {
            "area_id": list(shapes),
            "level": ["community"] * 3 + ["subdistrict"],
            "name": [(default | names)[a] for a in shapes],
            "parent_id": ["610"] * 3 + [None],
            "settlement": "urban",
            "profile": None,
        },
        geometry=list(shapes.values()),
        crs=CRS,
    ).set_index("area_id")


def _adjacency() -> pd.DataFrame:
    rows = []
    for c, r in sorted(GRID_OF_COLUMN_ROW):
        for other in ((c + 1, r), (c, r + 1)):
            across_river = c == 2 and other[0] == 3
            if other in GRID_OF_COLUMN_ROW and (not across_river or r == 1):
                rows.append((f"u{c}{r}", f"u{other[0]}{other[1]}", SIDE, "crossing" if across_river else "border"))
    return pd.DataFrame(rows, columns=["unit_a", "unit_b", "shared_m", "via"])


def _barriers() -> gpd.GeoDataFrame:
    x = EAST0 + 3 * SIDE
    river = LineString([(x, NORTH0), (x, NORTH0 + 4 * SIDE)])
    bridge = LineString([(x - 30, NORTH0 + 1.5 * SIDE), (x + 30, NORTH0 + 1.5 * SIDE)])
    return gpd.GeoDataFrame(
        {"kind": ["river", "crossing"], "name": ["清河", "清河桥"]}, geometry=[river, bridge], crs=CRS
    )


def _facilities(names: dict[str, str]) -> gpd.GeoDataFrame:
    rows = [
        ("f1", "eldercare", "河西养老服务站", "existing", 100, 1.5),
        ("f2", "clinic", "河东卫生站", "existing", 350, 1.5),
        ("f3", "eldercare", "河东候选点", "candidate", 450, 2.5),
        ("f4", "eldercare", "城东候选点", "candidate", 550, 0.5),
        ("f5", "reading_room", "阅览室", "closed", 150, 3.5),
    ]
    return gpd.GeoDataFrame(
        {
            "facility_id": [r[0] for r in rows],
            "kind": [r[1] for r in rows],
            "name": [names.get(r[0], r[2]) for r in rows],
            "status": [r[3] for r in rows],
            "capacity_residents": [None] * len(rows),
            "floor_area_m2": [320.0, None, None, None, None],
            "cost": [None] * len(rows),
        },
        geometry=[Point(EAST0 + r[4], NORTH0 + r[5] * SIDE) for r in rows],
        crs=CRS,
    ).set_index("facility_id")


def _grids(units: gpd.GeoDataFrame, plan: Plan) -> gpd.GeoDataFrame:
    grid_of = plan.assignment.reindex(units.index)
    counts = units[["households", "residents", "workload_h"]].groupby(grid_of).sum()
    shapes = units.geometry.groupby(grid_of).apply(lambda g: g.union_all())
    grids = gpd.GeoDataFrame(counts, geometry=shapes, crs=CRS).rename_axis("grid_id").sort_index()
    general = [plan.grids[g].kind is GridKind.GENERAL for g in grids.index]
    hearts = {g: plan.units_of(g)[0] for g in grids.index}
    reason = {
        f"{EAST}001": ("比上限多 100 户", "100 households above the band"),
        f"{EAST}003": ("比下限少 100 户", "100 households below the band"),
    }
    return grids.assign(
        community_id=[plan.grids[g].community_id for g in grids.index],
        name=[plan.grids[g].name for g in grids.index],
        kind=[str(plan.grids[g].kind) for g in grids.index],
        units=units.groupby(grid_of).size(),
        deviation_share=(grids["households"] / 400 - 1).where(general).astype("Float64"),
        walk_mean_m=[111.25 if g else 0.0 for g in general],
        pieces=1,
        in_band=pd.array(
            [(300 <= h <= 500) if g else None for h, g in zip(grids["households"], general, strict=True)],
            dtype="boolean",
        ),
        reason_zh=[reason.get(g, ("", ""))[0] for g in grids.index],
        reason_en=[reason.get(g, ("", ""))[1] for g in grids.index],
        heart_unit_id=[hearts[g] for g in grids.index],
        sides_zh=["东至清河，南至南街，西至西路，北至北路"] * len(grids),
    )


def _coverage(units: gpd.GeoDataFrame, plan: Plan) -> Coverage:
    grid_of = plan.assignment
    tables = []
    for service, facility, covered in (
        (ELDERS, "f1", lambda u: u[1] in "0123"),  # the two easternmost columns are not served
        (CLINIC, "f2", lambda u: u[1] in "2345"),
    ):
        walk = [200.0 if covered(u) else 900.0 for u in units.index]
        tables.append(
            pd.DataFrame(
                {
                    "unit_id": units.index,
                    "service": service.service_id,
                    "residents": units["residents"].to_numpy(),
                    "households": units["households"].to_numpy(),
                    "buildings": units["buildings"].to_numpy(),
                    "nearest_facility_id": facility,
                    "walk_m": walk,
                    "walk_basis": "network",
                    "standard_m": service.max_walk_m,
                    "covered": [w <= service.max_walk_m for w in walk],
                }
            )
        )
    table = pd.concat(tables, ignore_index=True)
    return Coverage(table=table, rates=_rates(table, units, grid_of))


def _rates(table: pd.DataFrame, units: gpd.GeoDataFrame, grid_of: pd.Series[str]) -> pd.DataFrame:
    rows = []
    places = {
        "grid": table["unit_id"].map(grid_of),
        "community": table["unit_id"].map(units["community_id"]),
        "subdistrict": pd.Series("610", index=table.index),
    }
    for level, place in places.items():
        for (area, service), part in table.groupby([place, "service"]):
            for basis in ("residents", "households", "buildings"):
                total, covered = int(part[basis].sum()), int(part.loc[part["covered"], basis].sum())
                target = 0.8 if service == "eldercare_500" and level == "subdistrict" else None
                short = None if target is None else max(0, -int(-(target * total) // 1) - covered)
                rate = covered / total if total else None
                rows.append((area, level, service, basis, total, covered, rate, target, short))
    names = ["area_id", "level", "service", "basis", "total", "covered", "rate_share", "target_share", "shortfall"]
    rates = pd.DataFrame(rows, columns=names)
    return rates.astype({"rate_share": "Float64", "target_share": "Float64", "shortfall": "Int64"})


def _workers() -> pd.DataFrame:
    ids = [f"w{i}" for i in range(1, 7)]
    return pd.DataFrame(
        {
            "role": ["grid_leader"] * 5 + ["grid_worker"],
            "contract": "full_time",
            "fte": 1.0,
            "skills": None,
            "languages": "zh",
            "grid_id": None,
            "community_id": None,
            "x": EAST0 + 7.0,  # their homes: never drawn
            "y": NORTH0 + 7.0,
        },
        index=pd.Index(ids, name="worker_id"),
    )


def _staffing() -> Staffing:
    leads = [f"{WEST}001", f"{WEST}002", f"{WEST}003", f"{EAST}001", f"{EAST}002"]
    rows = [(f"w{i}", g, "grid_leader", 800.0, 120.0) for i, g in enumerate(leads, start=1)]
    rows.append(("w6", f"{EAST}001", "grid_worker", 400.0, 90.0))
    postings = pd.DataFrame(rows, columns=["worker_id", "grid_id", "role", "hours_h", "walk_m"])
    return Staffing(
        postings.sort_values(["grid_id", "role", "worker_id"], ignore_index=True),
        (f"{EAST}003",),
        {f"{EAST}001": 150.0},
        ANSWER,
    )


def river_town(
    *, names: dict[str, str] | None = None, study_name: str = "河镇", grid_names: dict[str, str] | None = None
) -> Outcome:
    """Make river town's outcome; `names` replaces names of areas and facilities by id."""
    names = names or {}
    units = _units()
    assignment = {f"u{c}{r}": g for (c, r), g in GRID_OF_COLUMN_ROW.items()} | {"u99": f"{NORTH}001"}
    infos = [
        GridInfo(g, g[:6], GridKind.EMPTY if g.startswith(NORTH) else GridKind.GENERAL, (grid_names or {}).get(g, ""))
        for g in sorted(set(assignment.values()))
    ]
    plan = Plan.of("river-town", assignment, infos)
    study = StudyArea(
        settings=StudySettings(
            study_id="river-town",
            name=study_name,
            notice_zh="虚构的小镇，数字仅供测试。",
            notice_en="An invented town; its figures are for tests.",
            services=(ELDERS, CLINIC),
        ),
        crs=CRS,
        areas=_areas(names),
        units=units,
        adjacency=_adjacency(),
        barriers=_barriers(),
        facilities=_facilities(names),
        workers=_workers(),
        reach=pd.DataFrame({"unit_id": [], "facility_id": [], "walk_m": [], "walk_basis": []}),
        reach_m=1000.0,
        group_columns=("elder_80_alone",),
    )
    territories = (
        TerritoryReport(f"{WEST}-1", WEST, 12, 1200, 3, 0.0, 1335.0, 1335.0, Proof.OPTIMAL, 0.0),
        TerritoryReport(f"{EAST}-1", EAST, 12, 1200, 3, 200.0, 1400.0, 1350.0, Proof.BOUNDED, 0.0),
    )
    return Outcome(
        study=study,
        plan=plan,
        report=SolveReport("wangge", 7, StoppedBy.WORK, 1.25, territories),
        grids=_grids(units, plan),
        staffing=_staffing(),
        sitings=(Siting("eldercare_500", ("f4",), {"f4": 2000.0}, ANSWER),),
        coverage=_coverage(units, plan),
        scorecard=Scorecard(
            (
                Score("walk_mean_m", 111.25, "m", Better.LOWER, 1),
                Score("grids_in_band_share", 4 / 6, "share", Better.HIGHER, 1),
            )
        ),
    )
