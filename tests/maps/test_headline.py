from dataclasses import replace

from maps.headline import gap_table, headline_of


def test_the_headline_names_the_most_loaded_grid_and_the_worst_gap(town):
    head = headline_of(town)
    assert (head.most_loaded.grid_id, head.most_loaded.load, head.most_loaded.over) == ("610002001", 600, 100)
    assert (head.worst.uncovered, head.worst.total, head.worst.worst_grid) == (2000, 6000, "610001001")
    assert (head.in_band, head.general) == (4, 6)


def test_counts_add_up_in_the_head(town):
    counts = headline_of(town).counts
    assert counts["households"] == 24 * 100
    assert counts["residents"] == 24 * 250
    assert (counts["workers"], counts["vacancies"], counts["overloads"]) == (6, 1, 1)
    assert counts["communities"] == 2  # the third has no households


def test_the_worst_gap_is_the_service_that_most_residents_lack(town):
    table = town.coverage.table.copy()
    unit = table["service"].eq("eldercare_500") & table["unit_id"].eq("u30")
    table.loc[unit, "covered"] = False
    worse = replace(town, coverage=replace(town.coverage, table=table))
    assert headline_of(worse).worst.service == "eldercare_500"
    assert headline_of(worse).worst.uncovered == 2250


def test_without_a_gap_there_is_no_worst(town):
    table = town.coverage.table.assign(covered=True)
    assert headline_of(replace(town, coverage=replace(town.coverage, table=table))).worst is None


def test_gaps_by_grid_sum_to_the_uncovered_residents(town):
    table = town.coverage.table
    uncovered = table.loc[~table["covered"]].groupby("service")["residents"].sum()
    assert gap_table(town).groupby("service")["uncovered"].sum().to_dict() == uncovered.to_dict()
