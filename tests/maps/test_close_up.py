"""A town that is a dot among wide villages, and what a redraw changed, are shown closer."""

from dataclasses import replace

from shapely.affinity import scale

from maps.change import change_html
from maps.close_up import around, town_box
from maps.report import report_html
from tests.maps.test_change import change_of

WEST = "610001"


def spread(town, factor):
    """Return the town with its western community pulled wide to the west."""
    grids = town.grids.copy()
    east_end = grids.total_bounds[2]
    wide = grids["community_id"].eq(WEST) | grids["kind"].eq("empty")
    grids.loc[wide, "geometry"] = [
        scale(g, xfact=factor, yfact=factor, origin=(east_end, g.centroid.y)) for g in grids.geometry[wide]
    ]
    return replace(town, grids=grids)


def test_a_compact_plan_has_no_closer_map(town):
    assert town_box(town) is None
    assert "densely" not in report_html(town, lang="en")
    assert around(town.grids, town.grids.index) is None


def test_a_town_among_wide_villages_has_one(town):
    wide = spread(town, 30)
    box = town_box(wide)
    assert box == tuple(wide.grids[wide.grids["community_id"].eq("610002")].total_bounds)
    html = report_html(wide, lang="en")
    assert "Figure 2. The densely lived-in part" in html
    assert "Figure 3. Number of grids by load" in html
    assert html.count("<svg") == 3


def test_a_redraw_shows_the_communities_that_change(town):
    wide = spread(town, 30)
    changes = change_of(wide).changes
    changes["fate"] = ["adjusted" if str(g).startswith("610002") else "kept" for g in changes.index]
    assert "only the communities" in change_html(wide, wide, change_of(wide, changes=changes), lang="en")
    assert "only the communities" not in change_html(town, town, change_of(town), lang="en")
