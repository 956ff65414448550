"""Any places, barriers and order of rows: the cover is exact, the neighbours mutual, the answer the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gis.model.inputs import StudyInputs
from gis.space import build_study, neighbours
from tests.towns import town

GROUND = {
    "A": shapely.Polygon([(0, 0), (310, 0), (290, 400), (0, 400)]),
    "B": shapely.union_all(
        [shapely.Polygon([(310, 0), (600, 0), (600, 400), (290, 400)]), shapely.box(650, 0, 700, 80)]
    ),
    "C": shapely.Polygon([(0, 400), (290, 400), (600, 400), (600, 450), (300, 700), (0, 450)]),
}
metres = st.floats(0, 700, allow_nan=False).map(lambda v: round(v, 2))
places = st.lists(st.tuples(metres, metres, st.integers(0, 60)), min_size=1, max_size=40)
ends = st.tuples(metres, metres)
barriers = st.lists(
    st.tuples(st.sampled_from(["river", "wall", "crossing"]), st.lists(ends, min_size=2, max_size=4)), max_size=4
)
calm = settings(  # no shrinking: a build takes too long for thousands of tries
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def inputs_of(
    points: list[tuple[float, float, int]], lines: list[tuple[str, list[tuple[float, float]]]]
) -> StudyInputs:
    drawn = [(kind, shapely.LineString(p)) for kind, p in lines if len(set(p)) > 1]
    return town(communities=GROUND, places={f"h{i:02d}": p for i, p in enumerate(points)}, barriers=drawn)


@calm
@given(places, barriers)
def test_any_places_and_barriers_give_an_exact_cover_and_mutual_neighbours(points, lines):
    inputs = inputs_of(points, lines)
    study = build_study(inputs)
    cells = study.units.geometry.to_numpy()
    assert shapely.is_valid(cells).all()
    assert shapely.coverage_is_valid(cells)
    ground = inputs.areas.geometry[inputs.areas["level"] == "community"]
    areas = study.units.groupby("community_id")["area_m2"].sum()
    assert np.allclose(areas, ground.area, atol=1.0)
    differs = shapely.symmetric_difference(study.communities.geometry.to_numpy(), ground.sort_index().to_numpy())
    assert (shapely.area(differs) < 1.0).all()
    own = shapely.distance(cells, shapely.points(study.units["x"], study.units["y"]))
    assert own.max() <= 20.0
    community = study.units["community_id"]
    pairs = study.adjacency
    assert (pairs["unit_a"] < pairs["unit_b"]).all()
    assert not pairs.duplicated(["unit_a", "unit_b"]).any()
    assert (community[pairs["unit_a"]].to_numpy() == community[pairs["unit_b"]].to_numpy()).all()
    inside = [h for x, y, h in points if ground.intersects(shapely.Point(x, y)).any()]
    assert study.units["households"].sum() >= sum(inside)


@calm
@given(places, barriers, st.randoms(use_true_random=False))
def test_any_order_of_the_rows_gives_the_same_study(points, lines, random):
    inputs = inputs_of(points, lines)
    study = build_study(inputs)
    shuffled = {}
    for name in ("areas", "households", "barriers"):
        table = getattr(inputs, name)
        order = list(range(len(table)))
        random.shuffle(order)
        shuffled[name] = table.iloc[order]
    again = build_study(replace(inputs, **shuffled))
    assert study.units.geometry.to_wkb().equals(again.units.geometry.to_wkb())
    pd.testing.assert_frame_equal(
        pd.DataFrame(study.units.drop(columns="geometry")), pd.DataFrame(again.units.drop(columns="geometry"))
    )
    pd.testing.assert_frame_equal(study.adjacency, again.adjacency)
    assert [f.as_record() for f in study.findings.items] == [f.as_record() for f in again.findings.items]


@calm
@given(places, barriers)
def test_the_neighbours_are_rebuilt_from_the_finished_units(points, lines):
    study = build_study(inputs_of(points, lines))
    again = neighbours(study.units, study.barriers, min_shared_m=study.settings.min_shared_m)
    pd.testing.assert_frame_equal(again, study.adjacency)
