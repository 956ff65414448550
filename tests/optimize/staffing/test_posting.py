"""Leads, incumbents, capacity and walks, on a street whose numbers add up in the head."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from gis.model.kinds import GridKind
from gis.model.plan import GridInfo, Plan
from gis.model.study import PostingSettings, StudyArea, StudySettings
from optimize.staffing import post_workers

CRS = "EPSG:4547"
EMPTY = gpd.GeoDataFrame(geometry=[], crs=CRS)


def street(*, hours=(1000, 1000, 1000, 1000), communities="aabb", workers=(), present=None):
    """One grid of one unit every 1,000 m, 100 households each; workers are (id, role, fte, community, grid, x)."""
    units = [f"u{i}" for i in range(len(hours))]
    grids = [f"{c}{i}" for i, c in enumerate(communities)]
    places = [box(1000 * i, 0, 1000 * i + 100, 100) for i in range(len(hours))]
    study = StudyArea(
        settings=StudySettings("street", "Street"),
        crs=CRS,
        areas=gpd.GeoDataFrame(
            {"level": "community"}, geometry=[places[0]] * 2, index=pd.Index(["a", "b"], name="area_id"), crs=CRS
        ),
        units=gpd.GeoDataFrame(
            {"households": 100, "x": [1000.0 * i for i in range(len(hours))], "y": 0.0},
            geometry=places,
            index=pd.Index(units, name="unit_id"),
            crs=CRS,
        ),
        adjacency=pd.DataFrame(),
        barriers=EMPTY,
        facilities=EMPTY,
        workers=pd.DataFrame(
            {
                "role": [w[1] for w in workers],
                "fte": [float(w[2]) for w in workers],
                "community_id": [w[3] for w in workers],
                "grid_id": [w[4] for w in workers],
                "x": [None if w[5] is None else float(w[5]) for w in workers],
                "y": 0.0,
                "skills": None,
                "languages": ["zh;ms" if w[0] == "polyglot" else "zh" for w in workers],
            },
            index=pd.Index([w[0] for w in workers], name="worker_id"),
        ).astype({"x": float}),
        reach=pd.DataFrame(),
        reach_m=1000.0,
        present=present,
    )
    plan = Plan.of("street", dict(zip(units, grids, strict=True)), [GridInfo(g, g[0]) for g in grids])
    table = gpd.GeoDataFrame(
        {"community_id": list(communities), "kind": "general", "workload_h": hours, "heart_unit_id": units},
        geometry=places,
        index=pd.Index(grids, name="grid_id"),
        crs=CRS,
    )
    return study, plan, table


def leads(staffing):
    rows = staffing.postings[staffing.postings["role"] == "grid_leader"]
    return dict(zip(rows["grid_id"], rows["worker_id"], strict=True))


def post(town, **settings):
    return post_workers(*town, PostingSettings(**settings), rng_seed=0)


def test_every_grid_gets_the_nearest_worker_of_its_community():
    workers = [(f"w{i}", "grid_worker", 1, "ab"[i > 1], None, 1000 * i) for i in range(4)]
    staffing = post(street(workers=workers))
    assert leads(staffing) == {"a0": "w0", "a1": "w1", "b2": "w2", "b3": "w3"}
    assert staffing.postings["walk_m"].tolist() == [0.0] * 4
    assert staffing.postings["hours_h"].tolist() == [1000.0] * 4
    assert (staffing.vacancies, dict(staffing.overloads)) == ((), {})
    assert (staffing.answer.status, staffing.answer.objective) == ("optimal", 0.0)


def test_an_incumbent_stays_though_another_lives_nearer():
    workers = [("near", "grid_worker", 1, "a", None, 0), ("now", "grid_worker", 1, "a", "a0", 900)]
    assert leads(post(street(workers=workers)))["a0"] == "now"


def test_an_incumbent_follows_most_of_his_households_through_a_redraw():
    present = pd.Series({"u0": "old1", "u1": "old2", "u2": "old3", "u3": "old3"})
    workers = [("w1", "grid_worker", 1, "a", "old2", 0), ("w2", "grid_worker", 1, "a", "old1", 1000)]
    got = leads(post(street(workers=workers, present=present)))
    assert (got["a1"], got["a0"]) == ("w1", "w2")


def test_nobody_is_asked_for_more_than_his_capacity_where_that_can_be():
    workers = [("half", "grid_worker", 0.5, "a", None, 0), ("full", "grid_worker", 1, "a", None, 1000)]
    staffing = post(street(hours=(1000, 500, 0, 0), workers=workers))
    assert leads(staffing)["a0"] == "full"
    assert leads(staffing)["a1"] == "half"
    assert staffing.overloads == {}


def test_an_overload_that_cannot_be_helped_is_listed_in_hours():
    workers = [("w1", "grid_worker", 1, "a", None, 0)]
    staffing = post(street(hours=(1400, 1300), communities="aa", workers=workers))
    assert list(staffing.overloads.values()) in ([150.0], [50.0])
    assert len(staffing.vacancies) == 1
    assert staffing.answer.objective > 0


def test_a_worker_with_hours_left_leads_a_second_grid_and_one_without_does_not():
    one = [("w1", "grid_leader", 1, "a", None, 0)]
    shared = post(street(hours=(600, 600), communities="aa", workers=one))
    assert leads(shared) == {"a0": "w1", "a1": "w1"}
    assert shared.postings["hours_h"].tolist() == [600.0, 600.0]
    assert (shared.vacancies, dict(shared.overloads)) == ((), {})
    apart = post(street(hours=(700, 600), communities="aa", workers=one))
    assert len(apart.vacancies) == 1


def test_sharing_beyond_capacity_leaves_no_vacancy_and_says_the_overload():
    one = [("w1", "grid_leader", 1, "a", None, 0)]
    staffing = post(street(hours=(750, 750), communities="aa", workers=one), share_beyond_capacity=True)
    assert staffing.vacancies == ()
    assert staffing.overloads == {"a0": 125.0, "a1": 125.0}
    assert staffing.answer.objective == pytest.approx(0.2)


def test_volunteers_and_advisers_never_lead_and_carry_no_hours():
    workers = [("v", "volunteer", 0.1, "a", None, 0), ("x", "adviser", 0.1, "b", None, 2000)]
    staffing = post(street(workers=workers))
    assert staffing.vacancies == ("a0", "a1", "b2", "b3")
    assert staffing.postings[["worker_id", "grid_id", "role", "hours_h"]].to_numpy().tolist() == [
        ["v", "a0", "volunteer", 0.0],
        ["x", "b2", "adviser", 0.0],
    ]


def test_a_spare_worker_stands_where_most_hours_are_left_and_shares_them():
    workers = [("w1", "grid_leader", 1, "a", "a0", 0), ("w2", "grid_leader", 1, "a", "a1", 0)]
    workers += [("w3", "grid_worker", 1, "a", None, 0)]
    staffing = post(street(hours=(1000, 2000), communities="aa", workers=workers))
    there = staffing.postings.set_index("worker_id")
    assert (there.loc["w3", "grid_id"], there.loc["w3", "role"]) == ("a1", "grid_worker")
    assert (there.loc["w2", "hours_h"], there.loc["w3", "hours_h"]) == (1000.0, 1000.0)
    assert staffing.overloads == {}


def test_two_leads_a_grid_share_its_hours():
    workers = [(f"w{i}", "grid_leader", 1, "a", None, 0) for i in range(3)]
    staffing = post(street(hours=(1000, 1200), communities="aa", workers=workers), leads_per_grid=2)
    assert staffing.postings.groupby("grid_id")["hours_h"].sum().to_dict() == {"a0": 1000.0, "a1": 1200.0}
    assert staffing.postings["role"].eq("grid_leader").sum() >= 3


def test_a_language_that_a_grid_asks_for_outweighs_a_short_way():
    workers = [("near", "grid_worker", 1, "a", None, 0), ("polyglot", "grid_worker", 1, "a", None, 300)]
    study, plan, table = street(communities="abbb", workers=workers)
    asked = table.assign(languages=["ms", None, None, None])
    assert leads(post((study, plan, table)))["a0"] == "near"
    assert leads(post((study, plan, asked)))["a0"] == "polyglot"


def test_a_worker_without_a_home_is_posted_without_a_walk():
    staffing = post(street(workers=[("w1", "grid_leader", 1, "b", None, None)]))
    assert leads(staffing).keys() == {"b2"}
    assert staffing.postings["walk_m"].isna().all()


def test_empty_and_dedicated_grids_ask_for_nobody():
    study, plan, table = street(workers=[("w1", "grid_leader", 1, "a", None, 0)])
    table = table.assign(kind=["general", "general", str(GridKind.DEDICATED), str(GridKind.EMPTY)])
    assert set(post((study, plan, table)).vacancies) <= {"a0", "a1"}


def test_a_study_without_workers_has_every_grid_vacant():
    staffing = post(street())
    assert len(staffing.vacancies) == 4
    assert staffing.postings.columns.tolist() == ["worker_id", "grid_id", "role", "hours_h", "walk_m"]


def test_the_order_of_the_rows_does_not_matter():
    workers = [(f"w{i}", "grid_worker", 1, "ab"[i % 2], None, 137 * i % 3000) for i in range(6)]
    study, plan, table = street(workers=workers)
    turned = replace(study, workers=study.workers.iloc[::-1], units=study.units.iloc[::-1])
    pd.testing.assert_frame_equal(
        post((turned, plan, table.iloc[::-1])).postings, post((study, plan, table)).postings
    )
