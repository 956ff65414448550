"""Compactness, contiguity, outlines and cover."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.measures import community_cover, grid_outlines, grid_pieces, polsby_popper, reock, unit_pieces
from gis.model.plan import Plan
from gis.model.study import StudyArea


def test_a_disc_is_most_compact_and_a_square_less():
    shapes = gpd.GeoSeries([shapely.Point(0, 0).buffer(10, 256), shapely.box(0, 0, 1, 1)], index=["disc", "square"])
    assert polsby_popper(shapes)["disc"] == pytest.approx(1, abs=1e-4)
    assert polsby_popper(shapes)["square"] == pytest.approx(np.pi / 4)
    assert reock(shapes)["disc"] == pytest.approx(1, abs=1e-4)
    assert reock(shapes)["square"] == pytest.approx(2 / np.pi)


def test_a_shape_without_area_has_no_compactness():
    shapes = gpd.GeoSeries([shapely.Polygon()], index=["none"])
    assert polsby_popper(shapes).isna().all()
    assert reock(shapes).isna().all()


def test_pieces_are_counted_over_neighbours_of_the_same_grid(town: StudyArea, plan: Plan):
    assert grid_pieces(plan, town.adjacency).tolist() == [1, 1, 1, 1]
    apart = plan.move("u31", to="A001")
    assert grid_pieces(apart, town.adjacency).to_dict() == {"A001": 2, "A002": 1, "B001": 1, "C001": 1}


def test_neighbours_that_are_no_units_are_passed_over(plan: Plan):
    assignment = plan.assignment.iloc[:2]
    stray = pd.DataFrame({"unit_a": ["u00", "u00"], "unit_b": ["u01", "zz"]})
    assert len(set(unit_pieces(assignment, stray))) == 1


def test_outlines_unite_the_units_and_keep_their_corners(town: StudyArea, plan: Plan):
    outlines = grid_outlines(town.units, plan)
    assert outlines["A001"].equals(shapely.box(0, 0, 200, 200))
    assert shapely.area(outlines.to_numpy()).sum() == town.units.geometry.area.sum()


def test_outlines_of_units_that_overlap_are_still_their_union(town: StudyArea, plan: Plan):
    wide = town.units.copy()
    wide.loc[["u00"], "geometry"] = shapely.box(0, 0, 130, 100)
    assert grid_outlines(wide, plan)["A001"].equals(shapely.box(0, 0, 200, 200))


def test_cover_tells_gap_overlap_and_outside_apart(town: StudyArea):
    units = town.units.copy()
    assert community_cover(units, town.communities).sum().sum() == 0
    units.loc[["u00"], "geometry"] = shapely.box(-10, 0, 90, 100)
    units.loc[["u31"], "geometry"] = shapely.box(280, 100, 400, 200)
    cover = community_cover(units, town.communities)
    assert cover.loc["A"].to_dict() == {"gap_m2": 1000.0, "overlap_m2": 2000.0, "outside_m2": 1000.0}
    assert cover.loc["B"].sum() == 0


def test_a_community_without_units_is_all_gap(town: StudyArea):
    units = town.units[town.units["community_id"].ne("C")]
    study = replace(town, units=units)
    assert community_cover(study.units, study.communities).loc["C", "gap_m2"] == 40_000
