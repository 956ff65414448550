from __future__ import annotations

from dataclasses import replace

import pytest

from gis.model.scorecard import Score, Scorecard
from maps.alternatives import alternatives_html, write_alternatives
from tests.maps.test_report import _tags


def scored(outcome, **values):
    kept = tuple(replace(s, value=values.get(s.measure, s.value)) for s in outcome.scorecard)
    return replace(outcome, scorecard=Scorecard(kept))


@pytest.fixture(scope="module")
def plans(town):
    return {
        "present": scored(town, walk_mean_m=10.0),
        "balance": scored(town, walk_mean_m=60.0),
        "walk": scored(town, walk_mean_m=50.0),
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_has_no_script_and_fetches_nothing(plans, tmp_path, lang):
    write_alternatives(plans, tmp_path / "a.html", lang=lang)
    tags = _tags((tmp_path / "a.html").read_text(encoding="utf-8"))
    assert not [tag for tag, _ in tags if tag in ("script", "link", "img", "iframe")]
    assert sum(tag == "svg" for tag, _ in tags) == 3
    assert not [v for _, attributes in tags for k, v in attributes.items() if k in ("src", "href") and "http" in v]


def test_the_best_of_the_new_plans_is_ticked_and_the_present_one_never(plans):
    html = alternatives_html(plans, lang="en")
    row = next(part for part in html.split("<tr>") if "Mean distance to the heart" in part)
    assert 'best">50 m' in row
    assert row.count("best") == 1
    assert "10 m" in row


def test_a_measure_that_no_plan_has_is_left_out(plans):
    html = alternatives_html(plans, lang="en")
    assert "Share of borders between grids" not in html


def test_equal_figures_are_not_ticked(plans):
    same = {name: scored(outcome, walk_mean_m=50.0) for name, outcome in plans.items()}
    row = next(p for p in alternatives_html(same, lang="en").split("<tr>") if "Mean distance to the heart" in p)
    assert 'best"' not in row


def test_scores_are_those_of_the_scorecards(town):
    assert all(isinstance(s, Score) for s in town.scorecard)
    assert f"{town.plan.digest}" in alternatives_html({"walk": town}, lang="zh")
