from dataclasses import replace
from html.parser import HTMLParser

import pytest

from gis.model.findings import Finding, Findings
from gis.model.kinds import SitingObjective
from gis.model.results import CountOption, Reason
from gis.model.study import SitingSettings
from maps import report_tables as tables
from maps.report import report_html, write_report
from tests.maps.river_town import river_town
from tests.towns import by_streets


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def _tags(html):
    parser = _Tags()
    parser.feed(html)
    return parser.seen


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_has_no_script_and_fetches_nothing(town, tmp_path, lang):
    write_report(town, tmp_path / "report.html", lang=lang)
    tags = _tags((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert not [tag for tag, _ in tags if tag in ("script", "link", "img", "iframe")]
    assert sum(tag == "svg" for tag, _ in tags) == 2


def test_every_number_of_the_headline_stands_in_the_report(town):
    html = report_html(town, lang="en")
    assert "610002001: 600 households; its band ends at 500" in html
    assert "2\u00a0000 of 6\u00a0000 residents" in html
    assert "An invented town" in html


def test_names_are_escaped():
    html = report_html(river_town(names={"610001": "<script>alert(1)</script>"}))
    assert "<script>" not in html


def test_communities_sum_to_the_total(town):
    table = tables.communities_table(town, "en")
    assert [row[3] for row in table.rows] == [("1\u00a0200",), ("1\u00a0200",), ("2\u00a0400",)]


@pytest.mark.parametrize(
    ("lang", "straight", "walked"),
    [("en", "Distances to the heart are straight.", "those on foot"), ("zh", "直线距离。", "为步行距离")],
)
def test_the_report_says_what_its_walks_are_measured_by(town, lang, straight, walked):
    html = report_html(town, lang=lang)
    assert straight in html
    assert walked not in html
    html = report_html(replace(town, study=by_streets(town.study)), lang=lang)
    assert walked in html
    assert straight not in html


def test_grids_outside_the_band_stand_with_their_reason(town):
    rows = tables.outside_table(town, "en").rows
    assert [(row[0], row[5]) for row in rows] == [
        ("610002001", "100 households above the band"),
        ("610002003", "100 households below the band"),
    ]


def test_a_plan_wholly_in_its_band_says_so(town):
    inside = replace(town, grids=town.grids.assign(in_band=True))
    assert "Every general grid is inside its band." in report_html(inside, lang="en")


def test_vacancies_and_overloads_are_told_by_grid_not_by_person(town):
    rows = tables.staff_gaps_table(town, "en").rows
    assert [(row[0], row[2], row[3]) for row in rows] == [
        ("610002003", "no lead yet", ("",)),
        ("610002001", "overloaded", ("150",)),
    ]


def test_rates_stand_beside_their_targets(town):
    rows = {row[0]: row for row in tables.coverage_table(town, "en").rows}
    elders = rows["Elder care within 500 m"]
    assert elders[2:] == (("2\u00a0000",), ("66.7 %",), ("66.7 %",), ("66.7 %",), ("80.0 %",), ("800",))
    assert rows["Clinic within 300 m"][-2:] == (("–",), ("–",))


def test_candidates_are_listed_by_what_they_would_newly_cover(town):
    reach = town.study.reach.reindex(range(3)).assign(
        unit_id=["u40", "u41", "u50"],
        facility_id=["f3", "f3", "f4"],
        walk_m=[100.0, 501.0, 50.0],
        walk_basis="network",
    )
    rows = tables.sites_table(replace(town, study=replace(town.study, reach=reach)), "en").rows
    assert [(row[1], row[3], row[4]) for row in rows] == [
        ("f4", "chosen by siting", ("2\u00a0000",)),
        ("f3", "candidate", ("250",)),
    ]


def test_sites_of_a_service_are_counted_in_whom_it_is_for(town):
    reach = town.study.reach.reindex(range(1)).assign(
        unit_id=["u40"], facility_id=["f3"], walk_m=[100.0], walk_basis="network"
    )
    elders, *others = town.study.settings.services
    settings = replace(
        town.study.settings,
        services=(replace(elders, demand="elder_80_alone"), *others),
        siting=SitingSettings("eldercare_500", add=1, objective=SitingObjective.P_MEDIAN),
    )
    sited = replace(town, study=replace(town.study, reach=reach, settings=settings))
    who = "aged 80 and over, living alone"
    alone = int(town.units["elder_80_alone"]["u40"])
    assert [row[4:] for row in tables.sites_table(sited, "en").rows] == [
        (("2\u00a0000",), f"{who} × metres spared"),
        ((str(alone),), who),
    ]
    assert tables.sites_table(sited, "zh").rows[1][5] == "80岁以上独居/空巢"
    assert {row[5] for row in tables.sites_table(town, "en").rows} == {"residents"}


@pytest.mark.parametrize(
    ("bound", "words"),
    [(200.0, "200 outside the band: proven the least."), (150.0, "proven at least 150"), (None, "is not proven")],
)
def test_the_report_says_what_is_proven_of_the_band(town, bound, words):
    territories = tuple(replace(t, violation_bound=bound) for t in town.report.territories)
    rows = tables.territories_table(replace(town, report=replace(town.report, territories=territories)), "en").rows
    assert [words in row[-1] for row in rows] == [False, True]


def test_exceptions_are_told_with_what_they_count(town):
    cut = replace(town, grids=town.grids.assign(residents=9000))
    rows = tables.exceptions_table(cut, "en").rows
    assert {row[3:5] for row in rows if row[0] == "Residents above the soft limit"} == {
        (("9\u00a0000 residents",), ("2\u00a0000 residents",))
    }


def test_the_price_of_a_grid_stands_beside_what_one_more_saves(town):
    territories = tuple(
        replace(t, other_counts=(CountOption(t.grids + 1, 0.0, t.objective),)) for t in town.report.territories
    )
    compared = replace(town, report=replace(town.report, territories=territories))
    grids = replace(town.study.settings.grids, grid_price_hm=20_000.0)
    priced = replace(compared, study=replace(town.study, settings=replace(town.study.settings, grids=grids)))
    assert "a grid must save 20.0 household-km" in report_html(priced, lang="en")
    assert "must save" not in report_html(compared, lang="en")


def test_findings_of_one_code_are_told_once_with_their_number(town):
    found = Findings(tuple(Finding("unknown-unit", {"unit_id": f"u{i}"}) for i in range(3)))
    table = tables.findings_table(replace(town, study=replace(town.study, findings=found)), "en")
    assert [row[1] for row in table.rows] == [("3",)]


def test_one_grid_fewer_and_one_more_stand_side_by_side(town):
    territories = tuple(
        replace(t, other_counts=(CountOption(t.grids + 1, 0.0, t.objective - 12_300),))
        for t in town.report.territories
    )
    compared = replace(town, report=replace(town.report, territories=territories))
    rows = tables.counts_table(compared, "en").rows
    assert {row[-1] for row in rows} == {("12.3",)}
    assert {row[-2] for row in rows} == {("–",)}
    assert "One more: mean m" in report_html(compared, lang="en")
    assert "One more: mean m" not in report_html(town, lang="en")


def test_sentences_of_a_note_follow_each_other_without_a_space_in_chinese(town):
    why = Reason("band-lumpy", {}, ways=(Reason("band-not-proven", {}),))
    territories = tuple(replace(t, violation_bound=200.0, reason=why) for t in town.report.territories)
    told = replace(town, report=replace(town.report, territories=territories))
    assert "。 " not in tables.territories_table(told, "zh").rows[1][-1]
    assert ". " in tables.territories_table(told, "en").rows[1][-1]


def test_an_area_above_its_soft_cap_is_said_to_be_priced_where_it_is(town):
    rural = replace(town.study.settings.profiles["urban"], area_soft_max_km2=1e-6)
    settings = replace(town.study.settings, profiles={**town.study.settings.profiles, "urban": rural})
    wide = replace(town, study=replace(town.study, settings=settings))
    parts = tuple(replace(t, parts_hm={"area": 3.0}) for t in town.report.territories)
    priced = replace(wide, report=replace(wide.report, territories=parts))
    for plan, words in ((wide, "told only"), (priced, "has its price")):
        told = [row[-1] for row in tables.exceptions_table(plan, "en").rows if row[0] == "Area above the soft limit"]
        assert told
        assert all(words in why for why in told)


def test_walks_are_not_told_beside_other_numbers_of_grids_where_borders_alone_count(town):
    territories = tuple(
        replace(t, parts_hm={"cut_metres": t.objective}, other_counts=(CountOption(t.grids + 1, 0.0, 7.0, 0.0),))
        for t in town.report.territories
    )
    drawn = replace(town, report=replace(town.report, territories=territories))
    for row in tables.counts_table(drawn, "en").rows:
        assert [row[i] for i in (3, 5, 7, 8, 9)] == [("–",)] * 5
    html = report_html(drawn, lang="en")
    assert "Borders alone are kept small here" in html
    assert "The objective: border between grids" in html
    assert "The objective also holds" not in html
