import pytest
import tomli_w

from gis.files.notebook import Notebook
from gis.files.study_file import read_study_file
from gis.model.kinds import BalanceOn, Level, SitingObjective
from gis.model.standards import Band

BASE = {"study": {"id": "t", "name": "T"}, "inputs": {"areas": "a.geojson", "households": "h.csv"}}


def read(tmp_path, **sections):
    path = tmp_path / "study.toml"
    path.write_text(tomli_w.dumps(BASE | sections), encoding="utf-8")
    book = Notebook()
    return read_study_file(path, book), book


def told(book):
    return [(f.code, f.facts.get("key")) for f in book.items]


def test_what_is_left_out_is_the_default(tmp_path):
    study, book = read(tmp_path)
    assert not book.items
    assert study.settings.profile == "urban"
    assert study.settings.grids.balance_on is BalanceOn.HOUSEHOLDS
    assert study.settings.profiles["rural"].band.target == 300
    assert study.settings.siting is None


def test_the_contract_s_example_is_understood(tmp_path):
    study, book = read(
        tmp_path,
        study={"id": "county-town", "name": "县城", "profile": "urban", "crs": "EPSG:4526", "notice_zh": "合成"},
        inputs={"areas": "b.geojson", "households": {"file": "h.xlsx", "sheet": "住户"}},
        crs_of={"households": "GCJ02"},
        columns={"households": {"household_id": "户号"}},
        levels={"community": ["社区", "村"], "subdistrict": "街道"},
        grids={"households_min": 300, "households_max": 500, "balance_on": "residents", "grid_count": {"c1": 3}},
        services=[{"id": "e5", "kind": "eldercare", "demand": "residents", "max_walk_m": 500, "level": "5min"}],
        siting={"service": "e5", "add": 3, "objective": "p_median"},
        posting={"leads_per_grid": 2},
    )
    assert not book.items
    settings = study.settings
    assert (study.inputs["households"].name, study.inputs["households"].layer) == ("h.xlsx", "住户")
    assert study.levels == {"社区": Level.COMMUNITY, "村": Level.COMMUNITY, "街道": Level.SUBDISTRICT}
    assert (settings.grids.households_min, settings.grids.households_target) == (300.0, None)
    assert settings.grids.grid_count == {"c1": 3}
    assert settings.services[0].max_walk_m == 500
    assert settings.siting.objective is SitingObjective.P_MEDIAN
    assert (settings.posting.leads_per_grid, settings.notice_zh, study.crs) == (2, "合成", "EPSG:4526")


def test_profiles_visits_and_ratios_override_their_defaults_alone(tmp_path):
    study, book = read(
        tmp_path,
        profiles={"urban": {"patrol_h": 200}, "campus": {"households_min": 0, "households_target": 100}},
        visits={
            "low_income": {"visits_per_year": 6},
            "veteran": {"name_zh": "退役军人", "visits_per_year": 2, "minutes": 10},
        },
        staff={"full_time_h": 1400},
        columns={"households": {"veteran": "退役"}},
    )
    assert not book.items
    profiles = study.settings.profiles
    assert (profiles["urban"].patrol_h, profiles["urban"].band.maximum) == (200, 500)
    assert (profiles["campus"].band.minimum, profiles["campus"].band.target) == (0, 100)
    visits = {v.key: v for v in study.settings.visits}
    assert (visits["low_income"].visits_per_year, visits["low_income"].minutes) == (6, 25)
    assert visits["veteran"].name_zh == "退役军人"
    assert study.settings.ratios.full_time_h == 1400
    assert study.columns["households"] == {"veteran": "退役"}


def test_visits_may_be_a_list(tmp_path):
    study, _ = read(tmp_path, visits=[{"key": "low_income", "minutes": 40}])
    assert {v.key: v.minutes for v in study.settings.visits}["low_income"] == 40


@pytest.mark.parametrize(
    ("sections", "key", "nearest"),
    [
        ({"gridz": {}}, "gridz", "grids"),
        ({"grids": {"households_mim": 3}}, "grids.households_mim", "households_min"),
        ({"inputs": {**BASE["inputs"], "worker": "w.csv"}}, "inputs.worker", "workers"),
        ({"columns": {"areas": {"area": "x"}}}, "columns.areas.area", "area_id"),
        ({"profiles": {"urban": {"patrol": 3}}}, "profiles.urban.patrol", "patrol_h"),
        ({"levels": {"comunity": "x"}}, "levels.comunity", "community"),
    ],
)
def test_an_unknown_key_is_told_with_the_nearest_spelling(tmp_path, sections, key, nearest):
    _, book = read(tmp_path, **sections)
    (found,) = [f for f in book.items if f.code == "study-key-unknown"]
    assert (found.facts["key"], found.facts["nearest"]) == (key, nearest)


@pytest.mark.parametrize(
    ("sections", "key"),
    [
        ({"grids": {"households_min": -1}}, "grids.households_min"),
        ({"grids": {"households_min": 500, "households_max": 300}}, "grids.households_min"),
        ({"grids": {"rng_seed": 1.5}}, "grids.rng_seed"),
        ({"grids": {"area_price_hm": -1}}, "grids.area_price_hm"),
        ({"grids": {"area_price_hm": "dear"}}, "grids.area_price_hm"),
        ({"grids": {"balance_on": "cats"}}, "grids.balance_on"),
        ({"study": {"id": "大写 ID"}}, "study.id"),
        ({"study": {"id": "t", "profile": "lunar"}}, "study.profile"),
        ({"study": {"id": "t", "detour_factor": 0.5}}, "study.detour_factor"),
        ({"posting": {"leads_per_grid": 0}}, "posting.leads_per_grid"),
        ({"services": [{"id": "a", "kind": "k", "max_walk_m": 0}]}, "services[1].max_walk_m"),
        ({"services": [{"id": "a", "kind": "k", "max_walk_m": 5}] * 2}, "services[2].id"),
        ({"siting": {"service": "none"}}, "siting.service"),
        ({"profiles": {"urban": {"households_min": 900}}}, "profiles.urban"),
        ({"inputs": {**BASE["inputs"], "workers": 3}}, "inputs.workers"),
        ({"grids": 3}, "grids"),
    ],
)
def test_nonsense_is_told_by_its_key(tmp_path, sections, key):
    _, book = read(tmp_path, **sections)
    assert ("study-value-nonsense", key) in told(book)


def test_a_service_without_reach_is_incomplete(tmp_path):
    study, book = read(tmp_path, services=[{"id": "a", "kind": "k"}])
    assert ("study-key-missing", "services[1].max_walk_m") in told(book)
    assert study.settings.services == ()


def test_targets_may_stand_in_the_study_file(tmp_path):
    study, book = read(tmp_path, targets=[{"kind": "clinic", "operator": ">=", "value_share": 0.8, "year": 2030}])
    assert not book.items
    (target,) = study.settings.targets
    assert (target.kind, target.value_share, target.year, target.settlement) == ("clinic", 0.8, 2030, None)


def test_ranges_and_prices_of_grids_are_read(tmp_path):
    study, book = read(
        tmp_path, grids={"grid_count_min": 2, "grid_count_max": {"c1": 7}, "grid_price_hm": 5e4, "area_price_hm": 20}
    )
    assert not book.items
    grids = study.settings.grids
    assert grids.area_price_hm == 20.0
    assert (grids.grid_count_min, grids.grid_count_max, grids.grid_price_hm) == (2, {"c1": 7}, 50_000.0)
    _, book = read(tmp_path, grids={"grid_count_min": 5, "grid_count_max": 3})
    assert told(book) == [("study-value-nonsense", "grids.grid_count_min")]


def test_groups_kept_together_and_apart_are_read(tmp_path):
    study, book = read(tmp_path, grids={"together": [["b", "a"], ["c", "d", "e"]], "apart": [["a", "c"]]})
    assert not book.items
    assert study.settings.grids.together == (("a", "b"), ("c", "d", "e"))
    assert study.settings.grids.apart == (("a", "c"),)


@pytest.mark.parametrize("group", [["a"], ["a", "a"], ["a", 3], "ab", [""]])
def test_a_group_of_fewer_than_two_units_is_nonsense(tmp_path, group):
    study, book = read(tmp_path, grids={"together": [group]})
    assert told(book) == [("study-value-nonsense", "grids.together")]
    assert study.settings.grids.together == ()


def test_micro_grids_are_off_until_the_study_asks_for_them(tmp_path):
    assert read(tmp_path)[0].settings.micro_grids is None
    study, book = read(tmp_path, micro_grids={})
    assert not book.items
    assert study.settings.micro_grids.band == Band(50, 65, 80)
    study, _ = read(tmp_path, micro_grids={"households_max": 100})
    assert study.settings.micro_grids.band == Band(50, 65, 100)
    _, book = read(tmp_path, micro_grids={"households_min": 90})
    assert told(book) == [("study-value-nonsense", "micro_grids.households_min")]


def test_a_band_that_the_profile_completes_to_nonsense_is_refused_by_the_ends_left_out(tmp_path):
    _, book = read(tmp_path, grids={"households_min": 600})
    assert told(book) == [
        ("band-end-missing", "grids.households_target"),
        ("band-end-missing", "grids.households_max"),
    ]
    assert {finding.facts["band"] for finding in book.items} == {"600/400/500"}
