"""Every route answers what the measures say, in the shape and with the example that OpenAPI shows."""

import csv
import io
import json

import numpy as np
import pytest
import shapely
from openpyxl import load_workbook
from pyproj import Transformer
from shapely.geometry import shape
from starlette.testclient import TestClient

from api import wire
from api.app import create_app
from api.comment_wire import CommentAnswer, CommentList
from api.jobs.asked import JobAnswer, JobList
from api.routers.examples import EXAMPLES
from api.settings import ServiceSettings
from api.workbook import XLSX, Sheet, workbook
from gis.measures import gap_table
from gis.model.errors import SettingError
from gis.store import Change, Store
from tests.api.conftest import town
from tests.maps.river_town import CRS, EAST0, NORTH0, SIDE

PLAN = "/v1/plans/river-town-1"
GAPS = "/v1/coverage/gaps?plan=river-town-1&service=eldercare_500"
SHAPES = {
    "/healthz": wire.Health,
    "/readyz": wire.Health,
    "/v1/studies": wire.Studies,
    "/v1/studies/river-town": wire.StudyWithPlans,
    PLAN: wire.PlanSummary,
    f"{PLAN}/postings": wire.Postings,
    f"{PLAN}/scorecard": wire.Scores,
    f"{PLAN}/history": wire.History,
    GAPS: wire.Gaps,
    "/v1/coverage/rates?plan=river-town-1": wire.Rates,
}


def lonlat(column, row):
    """Return the place in the middle of a unit of river town."""
    x, y = EAST0 + (column + 0.5) * SIDE, NORTH0 + (row + 0.5) * SIDE
    return Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(x, y)


def locate(client, column, row, **more):
    lon, lat = lonlat(column, row)
    return client.get("/v1/locate", params={"lon": lon, "lat": lat, **more})


@pytest.fixture(scope="module")
def openapi(client):
    return client.get("/openapi.json").json()


@pytest.mark.parametrize("path", SHAPES)
def test_an_answer_has_the_shape_that_openapi_shows(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    SHAPES[path].model_validate(answer.json())


def test_every_route_shows_an_example_that_fits_its_shape(openapi):
    seen = set()
    for path, calls in openapi["paths"].items():
        for method, call in calls.items():
            for content in next(r for s, r in call["responses"].items() if s.startswith("2"))["content"].values():
                assert content["example"], (method, path)
            assert call["responses"]["4XX"]["content"]["application/problem+json"]["example"]["code"]
            seen.add(path)
    assert {"/v1/locate", "/v1/coverage/gaps", "/v1/plans/{plan}/grids", "/metrics"} <= seen
    models = {
        "health": wire.Health, "ready": wire.Health, "studies": wire.Studies, "study": wire.StudyWithPlans,
        "plan": wire.PlanSummary, "postings": wire.Postings, "scorecard": wire.Scores, "history": wire.History,
        "locate": wire.Located, "gaps": wire.Gaps, "rates": wire.Rates, "problem": wire.Problem,
            "job": JobAnswer, "jobs": JobList, "comment": CommentAnswer, "comments": CommentList,
    }  # fmt: skip
    for name, model in models.items():
        model.model_validate(EXAMPLES[name])
    assert set(EXAMPLES) - set(models) == {"metrics", "grids", "units", "facilities", "job_events"}


def test_the_summary_tells_the_plan_as_it_was_measured(client):
    summary, outcome = client.get(PLAN).json(), town()
    assert summary["plan_digest"] == outcome.plan.digest
    assert summary["walk_basis"] == "straight"
    assert (summary["version"], summary["status"], summary["units"], summary["grids"]) == (1, "draft", 25, 7)
    assert (summary["households"], summary["residents"]) == (2400, 6000)
    assert (summary["vacancies"], summary["overloads"]) == (["610002003"], {"610002001": 150.0})
    assert summary["grids_out_of_band"] == 2
    assert [s["measure"] for s in summary["scorecard"]] == ["walk_mean_m", "grids_in_band_share"]


@pytest.mark.parametrize("path", [PLAN, f"{PLAN}/grids", f"{PLAN}/units", f"{PLAN}/postings", GAPS])
def test_a_version_that_the_caller_has_is_not_sent_again(client, path):
    first = client.get(path)
    assert first.headers["etag"] == '"1"'
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"0"'}).status_code == 200


@pytest.mark.parametrize(("layer", "key", "count"), [("grids", "grid_id", 7), ("units", "unit_id", 25)])
def test_geojson_is_wgs84_longitude_first_and_counter_clockwise(client, layer, key, count):
    answer = client.get(f"{PLAN}/{layer}")
    assert answer.headers["content-type"] == "application/geo+json"
    collection = answer.json()
    assert (len(collection["features"]), collection["version"]) == (count, 1)
    for feature in collection["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shapely.is_ccw(shapely.get_exterior_ring(shapely.get_parts(shape))).all()
        west, south, east, north = shape.bounds
        assert 113 < west < east < 115
        assert 30 < south < north < 31
        assert feature["id"] == feature["properties"][key]
    assert "crs" not in collection


def test_a_feature_lies_where_its_table_says(client):
    unit = next(f for f in client.get(f"{PLAN}/units").json()["features"] if f["id"] == "u31")
    middle = shapely.from_geojson(json.dumps(unit["geometry"])).centroid
    assert np.allclose([middle.x, middle.y], lonlat(3, 1), atol=1e-6)
    assert (unit["properties"]["grid_id"], unit["properties"]["elder_80_alone"]) == ("610002001", 3)


def test_a_place_tells_its_grid_its_areas_and_who_is_responsible(client):
    found = locate(client, 0, 2)
    assert found.headers["cache-control"] == "no-store"
    wire.Located.model_validate(found.json())
    assert found.json() == {
        "plan": "river-town-1",
        "version": 1,
        "unit_id": "u02",
        "grid": {"grid_id": "610001001", "name": "", "kind": "general"},
        "community": {"area_id": "610001", "name": "河西社区"},
        "subdistrict": {"area_id": "610", "name": "河镇"},
        "county": None,
        "responsible": [
            {"worker_id": "w1", "role": "grid_leader", "display_name": "网格长一", "duty_phone": "0000-0001"}
        ],
    }


def test_every_unit_is_found_at_its_place(client):
    for c in range(6):
        for r in range(4):
            assert locate(client, c, r).json()["unit_id"] == f"u{c}{r}"


def test_a_contact_that_is_not_public_is_not_shown(client):
    (lead,) = locate(client, 1, 0).json()["responsible"]
    assert lead == {"worker_id": "w2", "role": "grid_leader", "display_name": None, "duty_phone": None}
    everything = "".join(client.get(path).text for path in [*SHAPES, f"{PLAN}/grids", f"{PLAN}/units"])
    assert "0000-0002" not in everything
    assert "0000-0001" not in everything


def test_a_vacant_grid_has_nobody_responsible(client):
    assert locate(client, 3, 0).json()["responsible"] == []


@pytest.mark.parametrize("plan", [{}, {"plan": "river-town-1"}])
def test_a_place_outside_is_a_problem_that_says_so(client, plan):
    answer = locate(client, 60, 2, **plan)
    assert answer.status_code == 404
    assert answer.json()["code"] == ("locate-outside-plan" if plan else "locate-outside")


@pytest.mark.parametrize("level", ["grid", "community", "subdistrict", "county"])
@pytest.mark.parametrize("basis", ["residents", "households", "buildings"])
def test_gaps_are_the_numbers_of_the_measures(client, level, basis):
    answer = client.get(f"{GAPS}&level={level}&basis={basis}").json()
    table = gap_table(town(), service="eldercare_500", level=level, basis=basis)
    assert [a["area_id"] for a in answer["areas"]] == table["area_id"].tolist()
    for name in ("total", "covered", "uncovered", "beyond_reach"):
        assert [a[name] for a in answer["areas"]] == table[name].tolist()
    assert [[(s["facility_id"], s["newly_covered"]) for s in a["sites"]] for a in answer["areas"]] == [
        list(sites) for sites in table["sites"]
    ]


def test_a_gap_names_the_sites_that_would_close_it(client):
    worst = client.get(GAPS).json()["areas"][0]
    assert (worst["name"], worst["total"], worst["uncovered"]) == ("河东社区", 3000, 2000)
    assert worst["sites"] == [
        {"facility_id": "f4", "name": "城东候选点", "newly_covered": 500},
        {"facility_id": "f3", "name": "河东候选点", "newly_covered": 250},
    ]
    assert worst["nearest_facility"] == {"facility_id": "f1", "name": "河西养老服务站", "walk_m": 900.0}
    assert worst["farthest_walk_m"] == 900.0


def test_gaps_are_filtered_by_area_and_by_size(client):
    def ids(query):
        return [a["area_id"] for a in client.get(GAPS + query).json()["areas"]]

    assert ids("&min_uncovered=1") == ["610002"]
    assert ids("&min_uncovered=2001") == []
    assert ids("&level=grid&area=610001") == ["610001001", "610001002", "610001003"]
    assert ids("&area=610") == ids("")


def test_the_sheet_holds_the_same_numbers_and_no_formula(client):
    answer = client.get(f"{GAPS}&format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    areas = client.get(GAPS).json()["areas"]
    assert [(r["area_id"], r["uncovered"]) for r in rows] == [(a["area_id"], str(a["uncovered"])) for a in areas]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_holds_the_same_numbers(client, lang):
    answer = client.get(f"{GAPS}&format=xlsx&lang={lang}")
    assert answer.headers["content-type"] == XLSX
    assert answer.headers["content-disposition"].endswith("gaps-river-town-1-eldercare_500-community.xlsx")
    gaps, about = load_workbook(io.BytesIO(answer.content)).worksheets
    areas = client.get(GAPS).json()["areas"]
    rows = list(gaps.iter_rows(min_row=2, values_only=True))
    assert [(r[0], r[2], r[3], r[4], r[5]) for r in rows] == [
        (a["area_id"], a["total"], a["covered"], a["uncovered"], a["rate_share"]) for a in areas
    ]
    assert rows[0][-1] == "城东候选点 +500; 河东候选点 +250"
    assert about["B2"].value == "river-town-1"


def test_a_workbook_never_holds_a_formula():
    sheets = [Sheet("s", ["=1+1"], [["=cmd()"], ["@SUM(1)"], ["https://example.org"]])]
    cells = [c for row in load_workbook(io.BytesIO(workbook(sheets))).active.iter_rows() for c in row]
    assert {c.data_type for c in cells} == {"s"}
    assert all(c.hyperlink is None for c in cells)


@pytest.mark.parametrize("level", ["grid", "community"])
def test_the_gap_layer_lays_the_same_numbers_on_outlines(client, level):
    answer = client.get(f"{GAPS}&level={level}&format=geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    assert [f["properties"] for f in features] == client.get(f"{GAPS}&level={level}").json()["areas"]
    assert all(shape(f["geometry"]).is_valid and f["id"] == f["properties"]["area_id"] for f in features)


def test_facilities_and_sites_are_points_with_their_kind(client):
    features = client.get("/v1/plans/river-town-1/facilities").json()["features"]
    town_of = town().facilities
    assert {f["id"]: f["properties"]["status"] for f in features} == town_of["status"].astype(str).to_dict()
    assert all(f["geometry"]["type"] == "Point" for f in features)


def test_grids_of_a_version_that_is_not_there_are_a_problem(client):
    assert client.get("/v1/plans/river-town-1/grids?version=1").status_code == 200
    assert client.get("/v1/plans/river-town-1/grids?version=9").status_code == 404


def test_rates_are_filtered(client):
    rates = client.get(
        "/v1/coverage/rates?plan=river-town-1&level=community&basis=households&service=clinic_300"
    ).json()
    assert {(r["level"], r["basis"], r["service"]) for r in rates["rates"]} == {
        ("community", "households", "clinic_300")
    }
    target = client.get("/v1/coverage/rates?plan=river-town-1&area=610&service=eldercare_500&basis=residents").json()
    assert (target["rates"][0]["target_share"], target["rates"][0]["shortfall"]) == (0.8, 800)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/plans/none", 404, "unknown-plan"),
        ("/v1/plans/none/grids", 404, "unknown-plan"),
        ("/v1/plans/none/history", 404, "unknown-plan"),
        ("/v1/studies/none", 404, "unknown-study"),
        ("/v1/nothing", 404, "no-such-page"),
        ("/map/none", 404, "unknown-plan"),
        ("/assets/nothing.js", 404, "no-such-page"),
        ("/assets/..%2Fpages.py", 404, "no-such-page"),
        ("/v1/locate?lon=200&lat=1", 422, "request-invalid"),
        ("/v1/locate?lon=nan&lat=1", 422, "request-invalid"),
        ("/v1/locate?lon=1", 422, "request-invalid"),
        ("/v1/locate?lon=1&lat=1&plan=none", 404, "unknown-plan"),
        ("/v1/coverage/gaps?plan=river-town-1&service=none", 404, "unknown-service"),
        (f"{GAPS}&area=none", 404, "unknown-area"),
        (f"{GAPS}&level=planet", 422, "request-invalid"),
        (f"{GAPS}&min_uncovered=-1", 422, "request-invalid"),
        ("/v1/coverage/gaps?service=eldercare_500", 422, "request-invalid"),
    ],
)
def test_every_refusal_is_a_problem_with_a_stable_code(client, path, status, code):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = wire.Problem.model_validate(answer.json())
    assert (problem.code, problem.status) == (code, status)
    assert problem.title
    assert problem.detail


def test_a_method_that_is_not_there_is_a_problem(client):
    answer = client.delete(PLAN)
    assert (answer.status_code, answer.json()["code"]) == (405, "method-refused")


@pytest.mark.parametrize(
    ("accept", "lang", "words"),
    [
        ("zh-CN,zh;q=0.9", "zh", "没有"),
        ("en-GB", "en", "No plan"),
        ("fr, en;q=0.5, zh;q=0.4", "en", "No plan"),
        ("", "zh", "没有"),
    ],
)
def test_a_problem_speaks_the_language_asked_for(client, accept, lang, words):
    answer = client.get("/v1/plans/none", headers={"Accept-Language": accept})
    assert answer.headers["content-language"] == lang
    assert words in answer.json()["title"]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.9", "::", "example.org", ""])
def test_any_host_but_this_machine_is_refused(host, database):
    with pytest.raises(SettingError, match=r"--host 127\.0\.0\.1"):
        create_app(ServiceSettings(host=host, database=database))


def test_the_settings_come_from_the_caller_then_from_the_environment(monkeypatch):
    monkeypatch.setenv("WANGGE_PORT", "9000")
    monkeypatch.setenv("WANGGE_HOST", "10.0.0.1")
    assert ServiceSettings.of(host="localhost").port == 9000
    with pytest.raises(SettingError, match=r"10\.0\.0\.1"):
        ServiceSettings.of()


def test_a_page_elsewhere_that_fools_the_name_service_gets_nothing(client):
    assert client.get("/v1/studies", headers={"Host": "evil.example"}).status_code == 400


def test_metrics_count_routes_and_hold_no_ids_and_no_places(client):
    locate(client, 0, 0)
    client.get(PLAN)
    text = client.get("/metrics").text
    assert 'wangge_requests_total{method="GET",route="/v1/locate",status="200"}' in text
    assert "river-town" not in text
    assert "lon" not in text


def test_the_log_holds_no_query_and_no_place(client, caplog):
    with caplog.at_level("INFO", logger="wangge.service"):
        locate(client, 0, 0)
    (line,) = [json.loads(r.getMessage()) for r in caplog.records if r.name == "wangge.service"]
    assert (line.pop("route"), line.pop("status"), line.pop("event")) == ("/v1/locate", 200, "request")
    assert set(line) == {"request_id", "method", "ms", "level", "timestamp"}


def test_an_edit_is_served_at_once_under_its_new_version(tmp_path):
    url = f"sqlite:///{tmp_path / 'wangge.db'}"
    store = Store.open(url)
    plan_id = store.save_outcome(town())
    with TestClient(create_app(ServiceSettings(database=url)), base_url="http://127.0.0.1") as service:
        assert locate(service, 3, 3).json()["grid"]["grid_id"] == "610002001"
        move = Change({"u33": "610002003"})
        store.append_edit(plan_id, 1, "move", move, author="a", idempotency_key="1", check=lambda before, after: None)
        assert locate(service, 3, 3).json()["grid"]["grid_id"] == "610002003"
        summary = service.get(PLAN, headers={"If-None-Match": '"1"'})
        assert (summary.status_code, summary.headers["etag"]) == (200, '"2"')
        assert (summary.json()["version"], summary.json()["measured_version"]) == (2, 1)
        assert [e["kind"] for e in service.get(f"{PLAN}/history").json()["edits"]] == ["draw", "move"]
        units = service.get(f"{PLAN}/units").json()["features"]
        for grid in service.get(f"{PLAN}/grids").json()["features"]:
            own = [u["properties"]["households"] for u in units if u["properties"]["grid_id"] == grid["id"]]
            assert (grid["properties"]["units"], grid["properties"]["households"]) == (len(own), sum(own))
    store.close()


def test_a_fault_is_a_problem_with_a_number_and_without_its_inside(database, monkeypatch, caplog):
    app = create_app(ServiceSettings(database=database))
    monkeypatch.setattr(app.state.shelf, "plan", lambda plan_id: {}["resident's door"])
    with (
        TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as service,
        caplog.at_level("INFO", logger="wangge.service"),
    ):
        answer = service.get(PLAN)
    fault = next(json.loads(r.getMessage()) for r in caplog.records if "fault" in r.getMessage())
    assert (fault["kind"], fault["request_id"]) == ("KeyError", answer.headers["x-request-id"])
    assert "door" not in caplog.text
    assert (answer.status_code, answer.json()["code"]) == (500, "service-fault")
    assert answer.json()["facts"]["request_id"] == answer.headers["x-request-id"]
    assert "door" not in answer.text
