from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from pandas.testing import assert_frame_equal

from gis.files.geopackage import plan_layers, write_layers, write_plan
from gis.files.plan_file import PLAN_LAYERS, read_plan
from gis.measures import measure_plan
from gis.model.errors import FileRefusedError
from gis.model.kinds import Proof, WalkBasis
from gis.model.outcome import Outcome
from gis.model.results import CountOption, Reason, TerritoryReport
from tests.towns import by_streets

CONTRACT = {
    "areas": ["area_id", "level", "name", "parent_id", "settlement", "profile"],
    "units": ["unit_id", "grid_id", "community_id", "compound", "households", "residents", "workload_h", "area_m2"]
    + ["locked", "elder_special", "x", "y"],
    "grids": ["grid_id", "community_id", "name", "kind", "units", "households", "residents", "workload_h"]
    + ["deviation_share", "walk_mean_m", "pieces", "in_band", "reason_zh", "reason_en", "heart_unit_id", "sides_zh"],
    "adjacency": ["unit_a", "unit_b", "shared_m", "via"],
    "barriers": ["kind"],
    "rules": ["key", "value"],
    "postings": ["worker_id", "grid_id", "role", "hours_h", "walk_m"],
    "facilities": ["facility_id", "kind", "name", "status", "capacity_residents", "floor_area_m2"],
    "coverage": ["unit_id", "service", "residents", "households", "buildings", "nearest_facility_id", "walk_m"]
    + ["walk_basis", "standard_m", "covered"],
    "coverage_rates": ["area_id", "level", "service", "basis", "total", "covered", "rate_share", "target_share"]
    + ["shortfall"],
    "scorecard": ["measure", "value", "unit", "better", "version"],
}


@pytest.fixture(scope="module")
def plan_file(outcome: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_plan(outcome, tmp_path_factory.mktemp("plan") / "plan.gpkg")


@pytest.mark.parametrize("layer", PLAN_LAYERS)
def test_every_layer_has_the_columns_of_the_contract_id_first(plan_file: Path, layer: str):
    columns = list(pyogrio.read_info(plan_file, layer=layer)["fields"])
    assert [c for c in columns if c in CONTRACT[layer]] == CONTRACT[layer]
    assert columns[0] == CONTRACT[layer][0]


def test_counts_are_integers_in_the_file(plan_file: Path):
    for layer, counts in {
        "units": ["households", "residents", "elder_special"],
        "grids": ["units", "households", "residents", "pieces"],
        "coverage": ["residents", "households", "buildings"],
        "coverage_rates": ["total", "covered", "shortfall"],
    }.items():
        info = pyogrio.read_info(plan_file, layer=layer)
        types = dict(zip(info["fields"], info["ogr_types"], strict=True))
        assert {types[c] for c in counts} == {"OFTInteger64"}, layer


def test_spatial_layers_carry_the_crs_and_others_no_geometry(plan_file: Path):
    for layer in PLAN_LAYERS:
        info = pyogrio.read_info(plan_file, layer=layer)
        spatial = layer in ("areas", "units", "grids", "barriers", "facilities")
        assert (info["crs"] == "EPSG:3414") is spatial
        assert (info["geometry_type"] is not None) is spatial


def test_every_spatial_layer_opens_styled(plan_file: Path):
    styles = pyogrio.read_dataframe(plan_file, layer="layer_styles").set_index("f_table_name")
    assert set(styles.index) == {"areas", "units", "grids", "barriers", "facilities"}
    assert styles["useAsDefault"].all()
    assert styles["f_geometry_column"].eq("geometry").all()
    assert styles["f_table_schema"].eq("").all()
    grids = ElementTree.fromstring(styles.loc["grids", "styleQML"])
    rules = grids.findall("./renderer-v2/rules/rule")
    symbols = {s.get("name") for s in grids.findall("./renderer-v2/symbols/symbol")}
    assert {r.get("symbol") for r in rules} == symbols
    assert any("deviation_share" in (r.get("filter") or "") for r in rules)
    assert grids.find("./labeling/settings/text-style").get("fieldName") == 'right("grid_id", 3)'


def test_what_was_written_reads_back_the_same(outcome: Outcome, plan_file: Path):
    back = read_plan(plan_file)
    assert back.plan.digest == outcome.plan.digest
    assert back.plan.grids["C001"].kind == "empty"
    assert back.study.settings == outcome.study.settings
    assert back.scorecard == outcome.scorecard
    assert_frame_equal(pd.DataFrame(back.units), pd.DataFrame(outcome.units), check_dtype=False)
    assert_frame_equal(pd.DataFrame(back.grids), pd.DataFrame(outcome.grids), check_dtype=False)
    assert_frame_equal(back.coverage.table, outcome.coverage.table, check_dtype=False)
    assert_frame_equal(back.coverage.rates, outcome.coverage.rates, check_dtype=False)
    assert_frame_equal(back.staffing.postings, outcome.staffing.postings, check_dtype=False)
    assert back.grids.geometry.geom_equals_exact(outcome.grids.geometry, tolerance=0).all()
    assert back.study.band_of("A") == outcome.study.band_of("A")


def test_writing_again_what_was_read_gives_the_same_tables(plan_file: Path, tmp_path: Path):
    again = write_plan(read_plan(plan_file), tmp_path / "again.gpkg")
    for layer in (*PLAN_LAYERS, "layer_styles"):
        first, second = (pyogrio.read_dataframe(p, layer=layer) for p in (plan_file, again))
        assert_frame_equal(pd.DataFrame(first), pd.DataFrame(second))


def test_no_person_and_no_contact_stands_in_the_file(plan_file: Path):
    names = {c for layer in PLAN_LAYERS for c in pyogrio.read_info(plan_file, layer=layer)["fields"]}
    assert not names & {"display_name", "duty_phone", "phone", "household_id", "id_number"}


def test_geopandas_reads_the_grids(plan_file: Path, outcome: Outcome):
    grids = gpd.read_file(plan_file, layer="grids")
    assert grids.crs == outcome.grids.crs
    assert grids["households"].tolist() == [400, 400, 400, 0]
    assert grids.loc[3, ["in_band", "deviation_share"]].isna().all()


def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, outcome: Outcome):
    other = tmp_path / "other.gpkg"
    other.write_text("nothing")
    with pytest.raises(FileRefusedError, match=r"other\.gpkg"):
        read_plan(other)
    outcome.grids.to_file(other, layer="grids", driver="GPKG")
    with pytest.raises(FileRefusedError, match="units"):
        read_plan(other)


def test_ogrinfo_reads_every_layer_without_a_complaint(plan_file: Path):
    ogrinfo = shutil.which("ogrinfo")
    if ogrinfo is None:
        pytest.fail("no ogrinfo here: install it (on Debian: apt-get install gdal-bin)")
    seen = subprocess.run([ogrinfo, "-ro", "-al", "-so", str(plan_file)], capture_output=True, text=True, check=True)
    about_the_version = "may only be partially supported"  # an older GDAL says so of GeoPackage 1.4
    told = [line for line in seen.stderr.splitlines() if line and about_the_version not in line]
    assert not told
    named = {
        line.removeprefix("Layer name: ") for line in seen.stdout.splitlines() if line.startswith("Layer name: ")
    }
    assert named >= set(CONTRACT)


def test_other_numbers_of_grids_come_back_from_the_file(outcome: Outcome, tmp_path: Path):
    beside = (CountOption(1, 5.0, 1000.5), CountOption(3, 0.0, 500.25))
    territory = TerritoryReport("A", "A", 8, 800, 2, 0.0, 700.0, None, Proof.NONE, other_counts=beside)
    report = replace(outcome.report, territories=(territory,))
    read = read_plan(write_plan(replace(outcome, report=report), tmp_path / "plan.gpkg"))
    assert read.report.territories[0].other_counts == beside


def test_a_reason_comes_back_with_its_ways_out(outcome: Outcome, tmp_path: Path):
    ways = (Reason("way-count", {"count": 2, "sure_zh": "", "sure_en": ""}),)
    why = Reason("band-lumpy", {"count": 3, "least": 20, "low": 260, "high": 520}, ways)
    territory = TerritoryReport("A", "A", 8, 800, 2, 0.0, 700.0, None, Proof.NONE, reason=why)
    report = replace(outcome.report, territories=(territory,))
    read = read_plan(write_plan(replace(outcome, report=report), tmp_path / "plan.gpkg"))
    assert read.report.territories[0].reason == why
    assert why.text("en").endswith("With K = 2 all grids here fit the band (drawn).")


def test_walks_between_units_come_back_to_the_decimetre(outcome: Outcome, tmp_path: Path):
    walked = by_streets(outcome.study)
    study = read_plan(write_plan(replace(outcome, study=walked), tmp_path / "plan.gpkg")).study
    assert study.walk_basis is study.settings.grids.walk_basis is WalkBasis.NETWORK
    assert_frame_equal(study.walks.table(), walked.walks.table())
    assert study.walks.table().loc["u00", "walks_dm"] == ""
    assert read_plan(write_plan(outcome, tmp_path / "straight.gpkg")).study.walks is None


@pytest.mark.parametrize("told", ["x", "1 2 3 4 5 6 7 8 9", "99999999999", ""])
def test_damaged_walks_are_refused(outcome: Outcome, tmp_path: Path, told: str):
    layers = plan_layers(replace(outcome, study=by_streets(outcome.study)))
    layers["walks"].loc[layers["walks"]["unit_id"].eq("u10"), "walks_dm"] = told
    with pytest.raises(FileRefusedError, match="walks"):
        read_plan(write_layers(layers, tmp_path / "plan.gpkg", styles={}))


def test_borders_on_roads_come_back_and_score_the_same(outcome: Outcome, tmp_path: Path):
    pairs = outcome.study.adjacency[["unit_a", "unit_b"]]
    borders = pairs.assign(length_m=100.0, mapped_m=[100.0, *[0.0] * (len(pairs) - 1)])
    study = replace(outcome.study, borders=borders)
    read = read_plan(write_plan(replace(outcome, study=study), tmp_path / "plan.gpkg"))
    assert_frame_equal(read.study.borders, borders, check_dtype=False)
    assert measure_plan(read.study, read.plan)["border_on_mapped_share"].value is not None
