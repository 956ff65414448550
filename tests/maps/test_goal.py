"""What a plan was drawn to keep small stands in the report, the alternatives and the page of a redraw."""

from dataclasses import replace

import pytest

from maps.alternatives import alternatives_html
from maps.change import change_html
from maps.goal import PRICES, goal_line
from maps.report import report_html
from tests.maps.test_change import change_of
from tests.towns import by_streets


def priced(town, **parts):
    territories = tuple(replace(t, parts_hm=parts) for t in town.report.territories)
    grids = replace(town.study.settings.grids, area_price_hm=1500.0, off_line_price_hm=7.0, deviation_price_m=12.0)
    study = replace(town.study, settings=replace(town.study.settings, grids=grids))
    return replace(town, study=study, report=replace(town.report, territories=territories))


def test_the_walk_alone_is_told_where_nothing_has_a_price(town):
    assert goal_line(town, "en").endswith("the metres of all households to the hearts (household-metres).")


def test_every_term_with_a_price_is_named_with_it(town):
    told = goal_line(priced(town, **dict.fromkeys(PRICES, 0.0)), "en")
    for words in (
        "compounds and hamlets cut, at 100 m a household",
        "borders off roads, rivers and walls, at 7 household-metres",
        "load off the target, at 12 household-metres a household",
        "area above the soft cap, at 1\u00a0500 household-metres a km²",
        "households that change grid, at 1\u00a0000 household-metres each",
    ):
        assert words in told


@pytest.mark.parametrize(("objective", "words"), [("cut_edges", "（对）"), ("cut_metres", "界线长度（米）")])
def test_borders_stand_in_place_of_the_walk(town, objective, words):
    told = goal_line(priced(town, **{objective: 5.0}), "zh")
    assert words in told
    assert "户·米" not in told


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_names_the_goal(town, lang):
    plan = priced(town, compounds=1.0, area=2.0)
    line = goal_line(plan, lang)
    assert line in report_html(plan, lang=lang)
    assert line in alternatives_html({"walk": plan}, lang=lang)
    assert line in change_html(plan, plan, change_of(plan), lang=lang)


@pytest.mark.parametrize(
    ("lang", "straight", "walked"),
    [("en", "Distances to the heart are straight.", "those on foot"), ("zh", "直线距离。", "为步行距离")],
)
def test_alternatives_and_redraws_say_what_walks_are_measured_by(town, lang, straight, walked):
    on_foot = replace(town, study=by_streets(town.study))
    for plan, words, other in ((town, straight, walked), (on_foot, walked, straight)):
        for html in (
            alternatives_html({"present": plan, "walk": plan}, lang=lang),
            change_html(plan, plan, change_of(plan), lang=lang),
        ):
            assert words in html
            assert other not in html


def test_alternatives_and_redraws_credit_the_data(town):
    settings = replace(town.study.settings, credits="The survey office")
    plan = replace(town, study=replace(town.study, settings=settings))
    assert "Data: The survey office" in alternatives_html({"walk": plan}, lang="en")
    assert "Data: The survey office" in change_html(plan, plan, change_of(plan), lang="en")
