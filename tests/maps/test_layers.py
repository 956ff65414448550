import json
from dataclasses import replace

import pytest

from maps.layers import area_layer, barrier_layer, facility_layer, gap_layer, grid_layer, plain, unit_layer
from maps.outlines import corner_of


@pytest.fixture(scope="module")
def corner(town):
    return corner_of(town.grids)


def test_grids_carry_the_exact_numbers_of_the_table(town, corner):
    for record, (grid_id, row) in zip(grid_layer(town, corner), town.grids.iterrows(), strict=True):
        assert record["id"] == grid_id
        assert [record[c] for c in ("units", "households", "residents", "workload_h", "pieces")] == [
            row[c] for c in ("units", "households", "residents", "workload_h", "pieces")
        ]


def test_workers_are_counts_by_role_at_the_heart_never_persons_or_homes(town, corner):
    records = {r["id"]: r for r in grid_layer(town, corner)}
    assert records["610002001"]["roles"] == {"grid_leader": 1, "grid_worker": 1}
    assert records["610002003"]["roles"] == {}
    assert records["610002003"]["vacant"]
    assert not [w for w in town.study.workers.index if f'"{w}"' in json.dumps(list(records.values()))]


def test_gaps_list_uncovered_units_with_residents_only(town):
    gaps = gap_layer(town)
    assert set(gaps["eldercare_500"]["units"]) == {f"u{c}{r}" for c in (4, 5) for r in range(4)}
    assert gaps["eldercare_500"]["units"]["u40"] == [250, 900]
    assert gaps["eldercare_500"]["grids"]["610002002"] == [1000, 1000]


def test_closed_facilities_are_not_drawn_and_chosen_ones_say_so(town, corner):
    status = {f["id"]: f["status"] for f in facility_layer(town, corner)}
    assert status == {"f1": "existing", "f2": "existing", "f3": "candidate", "f4": "chosen"}


def test_what_a_site_gains_is_counted_in_words(town, corner):
    sites = {f["id"]: f for f in facility_layer(town, corner)}
    assert (sites["f4"]["gain_of_zh"], sites["f4"]["gain_of_en"], sites["f4"]["gain_spared"]) == (
        "居民",
        "residents",
        False,
    )
    assert "gain_of_en" not in sites["f3"]


def test_grids_carry_their_four_sides_in_both_languages(town, corner):
    grid = grid_layer(town, corner)[0]
    assert grid["sides_zh"].startswith("东至清河")
    assert grid["sides_en"] == "east: 清河; south: 南街; west: 西路; north: 北路"


def test_communities_carry_their_territories(town, corner):
    west, east, north = area_layer(town, corner)
    assert west["territories"][0]["gap_share"] == 0
    assert east["territories"][0]["gap_share"] == pytest.approx(50 / 1350, abs=1e-6)
    assert north["territories"] == []


def test_units_carry_only_groups_that_occur(town, corner):
    records = {r["id"]: r for r in unit_layer(town, corner)}
    assert records["u00"]["groups"] == {"elder_80_alone": 3}
    assert records["u99"]["groups"] == {}


def test_a_study_without_barriers_has_an_empty_layer(town, corner):
    bare = replace(town, study=replace(town.study, barriers=town.study.barriers.iloc[:0]))
    assert barrier_layer(bare, corner) == []
    assert [b["kind"] for b in barrier_layer(town, corner)] == ["river", "crossing"]


def test_missing_values_are_none_and_whole_numbers_integers(town):
    assert plain(float("nan")) is None
    assert plain(town.grids["deviation_share"].loc["610003001"]) is None
    assert repr(plain(400.0)) == "400"
    assert plain(111.25) == 111.25
