"""Editing over HTTP: nothing is lost, nothing doubled, and no accepted edit breaks a hard rule."""

import io
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from api import edit_wire
from api.app import create_app
from api.edit_examples import EDIT_EXAMPLES
from api.edit_numbers import numbers_of
from api.editor_document import ground_of
from api.settings import ServiceSettings
from gis.measures import measure_grids
from gis.model.kinds import BalanceOn
from gis.model.walks import UnitWalks
from tests.api.conftest import town
from tests.towns import by_streets

WEST1, WEST2, WEST3 = "610001001", "610001002", "610001003"
EAST1, EAST2, EAST3 = "610002001", "610002002", "610002003"


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """One service for all tests; each of them gets a plan of its own."""
    url = f"sqlite:///{tmp_path_factory.mktemp('edits') / 'wangge.db'}"
    with TestClient(create_app(ServiceSettings(database=url)), base_url="http://127.0.0.1") as opened:
        yield opened


class PlanService:
    """The service as one plan's editor sees it."""

    def __init__(self, running, plan_id):
        self.plan_id = plan_id
        self._running = running

    def get(self, path="", **options):
        return self._running.get(f"/v1/plans/{self.plan_id}{path}", **options)

    def post(self, path, **options):
        return self._running.post(f"/v1/plans/{self.plan_id}{path}", **options)


@pytest.fixture
def service(running):
    return PlanService(running, running.app.state.shelf.store.save_outcome(town()))


def post(service, path, body, *, on=None, key=None, lang="en"):
    headers = {"Accept-Language": lang}
    headers |= {"If-Match": f'"{on}"'} if on is not None else {}
    headers |= {"Idempotency-Key": key} if key else {}
    return service.post(f"/{path}", json=body, headers=headers)


def moves(*pairs, **more):
    return {"moves": [{"unit_id": u, "grid_id": g} for u, g in pairs], **more}


def edit(service, *pairs, on, key=None, lang="en", **more):
    return post(service, "edits", moves(*pairs, **more), on=on, key=key, lang=lang)


def step(status, **more):
    return {"status": status, "author_name": "王工", "note": "请审", **more}


def grid_of(service):
    features = service.get("/units").json()["features"]
    return {f["id"]: f["properties"]["grid_id"] for f in features}


def test_an_edit_answers_its_version_and_the_numbers_of_the_grids_it_touched(service):
    answer = edit(service, ("u10", WEST1), on=1)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    told = edit_wire.EditAnswer.model_validate(answer.json())
    assert [(m.unit_id, m.old_grid_id, m.new_grid_id) for m in told.moves] == [("u10", WEST2, WEST1)]
    assert [(g.grid_id, g.units, g.households, g.pieces) for g in told.grids] == [
        (WEST1, 5, 500, 1),
        (WEST2, 3, 300, 1),
    ]
    assert grid_of(service)["u10"] == WEST1


@pytest.mark.parametrize("study_of", [lambda study: study, by_streets], ids=["straight", "network"])
@pytest.mark.parametrize("balance_on", BalanceOn)
def test_the_numbers_of_some_grids_are_those_of_the_whole_plan(balance_on, study_of):
    outcome = town()
    outcome = replace(outcome, study=study_of(outcome.study))
    grids = replace(outcome.study.settings.grids, balance_on=balance_on)
    many = outcome.study.units["households"] * np.arange(1, len(outcome.study.units) + 1)
    units = outcome.study.units.assign(residents=many, workload_h=many / 10)
    study = replace(outcome.study, units=units, settings=replace(outcome.study.settings, grids=grids))
    whole = measure_grids(study, outcome.plan, sides=False)
    for line in (line for grid_id in outcome.plan.grids for line in numbers_of(study, outcome.plan, [grid_id])):
        row = whole.loc[line["grid_id"]]
        for name in ("units", "households", "residents", "workload_h", "pieces", "heart_unit_id"):
            assert line[name] == row[name]
        if line["kind"] == "general":
            assert line["walk_mean_m"] == row["walk_mean_m"]
            assert (line["deviation_share"], line["in_band"]) == (row["deviation_share"], row["in_band"])


def test_an_edit_without_a_version_is_asked_for_one(service):
    answer = edit(service, ("u10", WEST1), on=None)
    assert (answer.status_code, answer.json()["code"]) == (428, "if-match-missing")
    assert post(service, "undo", {}).status_code == 428
    assert service.get().headers["etag"] == '"1"'


def test_a_stale_edit_is_told_what_it_missed(service):
    edit(service, ("u10", WEST1), on=1)
    answer = edit(service, ("u11", WEST1), on=1)
    assert (answer.status_code, answer.headers["etag"]) == (412, '"2"')
    problem = answer.json()
    assert (problem["code"], problem["version"], len(problem["edits"])) == ("plan-stale", 2, 1)
    assert problem["edits"][0]["moves"] == [{"unit_id": "u10", "old_grid_id": WEST2, "new_grid_id": WEST1}]
    assert grid_of(service)["u11"] == WEST2
    future = edit(service, ("u11", WEST1), on=99)
    assert (future.status_code, future.json()["edits"]) == (412, [])


def test_of_many_editors_on_one_version_exactly_one_wins(service):
    assert edit(service, ("u11", WEST1), on=1).status_code == 422  # the route is warm before the threads come
    with ThreadPoolExecutor(4) as pool:
        strokes = [("u10", WEST1), ("u20", WEST2)] * 2
        codes = sorted(a.status_code for a in pool.map(lambda m: edit(service, m, on=1), strokes))
    assert codes == [200, 412, 412, 412]
    assert len(service.get("/history").json()["edits"]) == 2


def test_a_repeated_request_answers_the_same_and_edits_once(service):
    first = edit(service, ("u10", WEST1), on=1, key="stroke-1")
    edit(service, ("u11", WEST1), on=2, key="stroke-2")
    again = edit(service, ("u10", WEST1), on=1, key="stroke-1")
    assert (again.status_code, again.content) == (200, first.content)
    assert service.get().headers["etag"] == '"3"'
    other = edit(service, ("u12", WEST1), on=1, key="stroke-1")
    assert (other.status_code, other.json()["code"]) == (422, "edit-key-reused")


def test_a_repeated_undo_takes_back_once(service):
    edit(service, ("u10", WEST1), on=1)
    edit(service, ("u11", WEST1), on=2)
    first = post(service, "undo", {}, on=3, key="undo-1")
    again = post(service, "undo", {}, on=3, key="undo-1")
    assert (first.status_code, again.content) == (200, first.content)
    assert grid_of(service)["u10"] == WEST1


def test_moving_a_bridge_unit_is_refused_with_the_way_out(service):
    answer = edit(service, ("u11", WEST1), on=1)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "grid-disconnected")
    assert problem["facts"] == {"grid_id": WEST2, "pieces": 2, "bridge_units": "u11"}
    assert WEST2 in problem["title"]
    assert "u11" in problem["detail"]
    assert service.get().headers["etag"] == '"1"'


def test_a_unit_that_touches_nothing_of_its_new_grid_is_refused(service):
    answer = edit(service, ("u00", WEST3), on=1)
    assert (answer.status_code, answer.json()["code"]) == (422, "grid-disconnected")


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        (("u20", EAST1), "grid-across-communities"),
        (("nobody", WEST1), "unknown-unit"),
        (("u10", "nowhere"), "unknown-grid"),
        (("u00", WEST1), "edit-changes-nothing"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(service, pair, code):
    answer = edit(service, pair, on=1)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len(service.get("/history").json()["edits"]) == 1


def test_undo_and_redo_are_edits_of_their_own(service):
    edit(service, ("u10", WEST1), on=1)
    undone = post(service, "undo", {}, on=2).json()
    assert (undone["version"], undone["kind"]) == (3, "undo")
    assert grid_of(service)["u10"] == WEST2
    redone = post(service, "redo", {}, on=3).json()
    assert (redone["version"], redone["kind"]) == (4, "redo")
    assert grid_of(service)["u10"] == WEST1
    assert post(service, "redo", {}, on=4).json()["code"] == "nothing-to-redo"
    post(service, "undo", {}, on=4)
    assert post(service, "undo", {}, on=5).json()["code"] == "nothing-to-undo"


def test_an_undo_takes_back_ones_own_edits_and_not_what_others_built_on_them(service):
    edit(service, ("u10", WEST1), on=1, author="li")
    edit(service, ("u12", WEST3), ("u13", WEST3), on=2, author="wang")
    assert post(service, "undo", {"author": "li"}, on=3).status_code == 200
    assert grid_of(service)["u12"] == WEST3
    edit(service, ("u10", WEST1), on=4, author="li")
    edit(service, ("u10", WEST2), on=5, author="wang")
    answer = post(service, "undo", {"author": "li"}, on=6)
    assert (answer.status_code, answer.json()["code"]) == (422, "undo-overtaken")
    assert answer.json()["facts"]["unit_id"] == "u10"


def test_the_history_names_who_edited_and_undo_goes_by_the_author_not_the_name(service):
    named = {"author_name": " 王工 "}
    assert edit(service, ("u10", WEST1), on=1, author="one", **named).json()["author_name"] == "王工"
    assert edit(service, ("u12", WEST3), ("u13", WEST3), on=2, author="two", **named).status_code == 200
    assert post(service, "undo", {"author": "one", **named}, on=3).status_code == 200
    assert (grid_of(service)["u10"], grid_of(service)["u12"]) == (WEST2, WEST3)
    post(service, "status", step("submitted", author="two", author_name="李工"), on=4)
    edits = service.get("/history").json()["edits"]
    assert [e["author_name"] for e in edits] == ["", "王工", "王工", "王工", "李工"]
    assert [e["author"] for e in edits] == ["wangge", "one", "two", "one", "two"]


def test_a_name_is_no_place_for_a_telephone_number(service):
    refused = edit(service, ("u10", WEST1), on=1, author_name="王 13912345678")
    assert (refused.status_code, refused.json()["code"]) == (422, "text-personal")


def test_a_merged_grid_goes_and_an_undo_brings_it_back(service):
    west1 = [(f"u0{r}", WEST2) for r in range(4)]
    merged = edit(service, *west1, on=1, kind="merge").json()
    assert (merged["retired"], [g["grid_id"] for g in merged["grids"]]) == ([WEST1], [WEST2])
    assert service.get().json()["grids"] == 6
    back = post(service, "undo", {}, on=2).json()
    assert [(g["grid_id"], g["households"]) for g in back["grids"]] == [(WEST1, 400), (WEST2, 400)]


def test_a_new_grid_takes_a_code_that_was_never_used(service):
    new = "610001004"
    made = edit(service, ("u00", new), on=1, kind="new_grid", grids=[{"grid_id": new, "name": "新一"}]).json()
    assert [(g["grid_id"], g["name"], g["households"]) for g in made["grids"]] == [
        (WEST1, "", 300),
        (new, "新一", 100),
    ]
    edit(service, ("u00", WEST1), on=2)
    again = edit(service, ("u00", new), on=3, kind="new_grid", grids=[{"grid_id": new}])
    assert (again.status_code, again.json()["code"]) == (422, "grid-code-used")
    assert again.json()["facts"]["next_code"] == "610001005"
    bare = edit(service, ("u10", WEST1), on=3, grids=[{"grid_id": "610001009"}])
    assert bare.json()["code"] == "grid-without-units"


def test_a_locked_grid_refuses_to_give_and_to_take_until_it_is_unlocked(service):
    locked = post(service, "locks", {"grids": [WEST1], "locked": True}, on=1).json()
    assert [g["locked"] for g in locked["grids"]] == [True]
    for pair in (("u10", WEST1), ("u00", WEST2)):
        answer = edit(service, pair, on=2)
        assert (answer.status_code, answer.json()["code"]) == (422, "grid-locked")
        assert answer.json()["facts"] == {"grid_id": WEST1}
    post(service, "locks", {"grids": [WEST1], "locked": False}, on=2)
    assert edit(service, ("u10", WEST1), on=3).status_code == 200


def test_a_locked_unit_stays_even_when_its_edit_is_undone(service):
    edit(service, ("u10", WEST1), on=1)
    post(service, "locks", {"units": ["u10"], "locked": True}, on=2)
    answer = post(service, "undo", {}, on=3)
    assert (answer.status_code, answer.json()["code"]) == (422, "unit-locked-here")
    post(service, "locks", {"units": ["u10"], "locked": False}, on=3)
    assert post(service, "undo", {}, on=4).status_code == 200


def test_only_a_draft_is_edited_and_steps_have_their_order(service):
    refused = post(service, "status", step("in_force"), on=1)
    assert (refused.status_code, refused.json()["code"]) == (422, "status-step-refused")
    assert "submitted" in refused.json()["detail"]
    assert post(service, "status", step("submitted"), on=1).json()["status"] == "submitted"
    assert edit(service, ("u10", WEST1), on=2).json()["code"] == "plan-not-draft"
    post(service, "status", step("draft"), on=2)
    assert edit(service, ("u10", WEST1), on=3).status_code == 200


def test_a_step_that_is_refused_names_statuses_in_words(service):
    post(service, "status", step("submitted"), on=1)
    for lang, said in (
        ("zh", ("不能从状态“已提交”直接到“公示中”。", "下一步可以是：已审核、草案。")),
        (
            "en",
            ("A plan does not go from status submitted to public notice.", "The next step may be: reviewed, draft."),
        ),
    ):
        refused = post(service, "status", step("public_notice"), on=2, lang=lang).json()
        assert (refused["title"], refused["detail"]) == said
    assert "已提交" in edit(service, ("u10", WEST1), on=2, lang="zh").json()["title"]
    way = ("reviewed", "filed", "public_notice", "in_force", "archived")
    for version, status in enumerate(way, start=2):
        assert post(service, "status", step(status), on=version).json()["status"] == status
    last = post(service, "status", step("draft"), on=7, lang="zh").json()
    assert (last["code"], last["title"]) == ("status-last", "方案的状态是“已归档”，流转已经结束。")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ({"note": None}, "note"), ({"note": ""}, "note"), ({"note": " \n"}, "note"),
        ({"author_name": None}, "author_name"), ({"author_name": "  "}, "author_name"),
    ],
)  # fmt: skip
def test_a_step_without_a_reason_or_a_name_is_refused(service, lacking, named, lang):
    body = {key: value for key, value in step("submitted", **lacking).items() if value is not None}
    refused = post(service, "status", body, on=1, lang=lang)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert refused.headers["content-language"] == lang
    assert refused.json()["code"] == "request-invalid"
    assert named in refused.json()["title"] + refused.json()["detail"]
    assert service.get().json()["version"] == 1
    link = {"unit_a": "u00", "unit_b": "u10", "joined": False, "note": "  "}
    assert post(service, "links", link, on=1, lang=lang).status_code == 422


def test_a_diff_tells_units_and_grids_with_old_and_new_numbers(service):
    edit(service, ("u10", WEST1), on=1)
    diff = service.get(f"/diff?base={service.plan_id}@1").json()
    edit_wire.DiffAnswer.model_validate(diff)
    moved = {"unit_id": "u10", "old_grid_id": WEST2, "new_grid_id": WEST1, "households": 100, "changes_grid": True}
    assert diff["units"] == [moved]
    assert [(g["grid_id"], g["old"]["households"], g["new"]["households"]) for g in diff["grids"]] == [
        (WEST1, 400, 500),
        (WEST2, 400, 300),
    ]
    assert (diff["households_in_moved_units"], diff["households_that_change_grid"]) == (100, 100)
    post(service, "undo", {}, on=2)
    assert service.get(f"/diff?base={service.plan_id}@1").json()["units"] == []
    for base, status in ((f"{service.plan_id}@9", 404), (service.plan_id, 422), ("x@1", 404)):
        assert service.get(f"/diff?base={base}").status_code == status


def test_a_grid_that_lives_on_under_another_code_changes_for_nobody(service):
    columns = [[f"u{column}{row}" for row in range(4)] for column in (0, 1)]
    edit(service, *((u, WEST1) for u in columns[1]), on=1, kind="merge")
    fresh = f"{WEST1[:-1]}4"
    edit(service, *((u, fresh) for u in columns[0]), on=2, kind="new_grid", grids=[{"grid_id": fresh}])
    diff = service.get(f"/diff?base={service.plan_id}@1").json()
    assert (diff["households_in_moved_units"], diff["households_that_change_grid"]) == (800, 0)
    assert [u["unit_id"] for u in diff["units"]] == sorted(columns[0] + columns[1])
    assert not any(u["changes_grid"] for u in diff["units"])
    edit(service, ("u13", fresh), on=3)
    book = service.get(f"/diff?base={service.plan_id}@1&format=xlsx&lang=zh").content
    rows = load_workbook(io.BytesIO(book))["单元"].iter_rows(values_only=True)
    assert next(rows) == ("单元", "原网格", "新网格", "户数", "更换网格")
    assert {row[0]: row[4] for row in rows} == {u: "是" if u == "u13" else "否" for u in columns[0] + columns[1]}
    diff = service.get(f"/diff?base={service.plan_id}@1").json()
    assert [u["unit_id"] for u in diff["units"] if u["changes_grid"]] == ["u13"]
    assert diff["households_that_change_grid"] == 100


def test_who_changes_grid_stands_in_the_diff_even_where_the_code_stays(service):
    fresh = f"{WEST1[:-1]}4"
    edit(service, *((u, fresh) for u in ("u00", "u01", "u02")), on=1, kind="new_grid", grids=[{"grid_id": fresh}])
    diff = service.get(f"/diff?base={service.plan_id}@1").json()
    assert [(u["unit_id"], u["new_grid_id"]) for u in diff["units"] if u["changes_grid"]] == [("u03", WEST1)]
    assert (diff["households_in_moved_units"], diff["households_that_change_grid"]) == (300, 100)


def test_a_grid_that_has_another_name_is_no_other_grid(service):
    post(service, "edits", {"kind": "rename", "grids": [{"grid_id": WEST1, "name": "河边"}]}, on=1)
    diff = service.get(f"/diff?base={service.plan_id}@1").json()
    assert (diff["units"], diff["grids"]) == ([], [])


def test_a_new_grid_is_called_by_its_community_and_number_where_nobody_names_it(service):
    fresh = f"{WEST1[:-1]}4"
    made = edit(service, ("u00", fresh), on=1, kind="new_grid", grids=[{"grid_id": fresh}]).json()
    assert [g["name"] for g in made["grids"] if g["grid_id"] == fresh] == ["河西社区 004"]


def test_the_editors_document_holds_the_plan_and_follows_its_version(service):
    first = service.get("/editor").json()
    outcome = town()
    assert (len(first["unit_ids"]), len(first["polygons"]), len(first["places_m"])) == (25, 25, 50)
    assert {frozenset(first["pairs"][i : i + 2]) for i in range(0, len(first["pairs"]), 2)} == {
        frozenset(first["unit_ids"].index(u) for u in pair)
        for pair in zip(outcome.study.adjacency["unit_a"], outcome.study.adjacency["unit_b"], strict=True)
    }
    across = [[first["unit_ids"][u] for u in first["pairs"][2 * i : 2 * i + 2]] for i in first["pairs_across"]]
    assert across == [["u21", "u31"]]  # the bridge
    assert first["grid_of"] == first["base_of"]
    assert [c["band"] for c in first["communities"]] == [[300.0, 400.0, 500.0]] * 3
    corners = [tuple(c) for p in first["polygons"] for ring in p["coordinates"] for c in ring]
    assert len(set(corners)) == 5 * 7 + 2
    edit(service, ("u10", WEST1), on=1)
    answer = service.get("/editor", headers={"If-None-Match": '"1"'})
    then = answer.json()
    moved = [u for u, a, b in zip(then["unit_ids"], then["grid_of"], then["base_of"], strict=True) if a != b]
    assert (then["version"], answer.headers["etag"], moved) == (2, '"2"', ["u10"])


def test_the_editors_document_holds_the_walks_that_the_editor_looks_up():
    study = town().study
    assert "walks_dm" not in ground_of(study)
    west = np.array([[0, 900, 200, 300], [900, 0, 900, 900], [200, 900, 0, 100], [300, 900, 100, 0]], dtype=np.int32)
    east = np.array([[0, 70_000], [70_000, 0]], dtype=np.int32)
    ids = {"610001": ["u00", "u01", "u02", "u03"], "610002": ["u30", "u31"]}
    kept = study.units.loc[[u for own in ids.values() for u in own]]
    small = replace(
        study, units=kept, adjacency=study.adjacency.iloc[:0], walks=UnitWalks(ids, {"610001": west, "610002": east})
    )
    told = json.loads("{" + ground_of(small) + "}")["walks_dm"]
    # heart.spec.ts reads the same
    assert told == [{"bits": 16, "base64": "hAPIAIQDLAGEA2QA"}, {"bits": 32, "base64": "cBEBAA=="}]


def test_the_editors_document_tells_estates_and_who_leads_several_grids_but_no_worker(service):
    text = service.get("/editor").text
    document = json.loads(text)
    names = [document["compounds"][i] if i >= 0 else None for i in document["compound_of"]]
    assert dict(zip(document["unit_ids"], names, strict=True)) == {
        u: None if missing else c
        for (u, c), missing in zip(
            town().study.units["compound"].items(), town().study.units["compound"].isna(), strict=True
        )
    }
    posted = town().staffing.postings
    leads = posted[posted["role"].eq("grid_leader")].set_index("grid_id")["worker_id"]
    told = dict(zip(document["base_grids"], document["base_leads"], strict=True))
    for (a, lead_a), (b, lead_b) in product(told.items(), repeat=2):
        assert (lead_a == lead_b != -1) == (a in leads and b in leads and leads[a] == leads[b])
    assert not any(f'"{w}"' in text for w in posted["worker_id"])


def test_who_listens_hears_of_every_new_version(service, monkeypatch):
    monkeypatch.setattr("api.edit_news.STREAM_S", 0.0)
    edit(service, ("u10", WEST1), on=1)
    edit(service, ("u11", WEST1), on=2)
    heard = service.get("/events?after=1")
    assert heard.headers["content-type"].startswith("text/event-stream")
    told = [json.loads(line[6:]) for line in heard.text.splitlines() if line.startswith("data: ")]
    assert [(e["version"], e["moves"][0]["unit_id"]) for e in told] == [(2, "u10"), (3, "u11")]
    missed = service.get("/events", headers={"Last-Event-ID": "2"}).text
    assert [line for line in missed.splitlines() if line.startswith("id:")] == ["id: 3"]
    assert "data:" not in service.get("/events").text


def test_a_listener_hears_within_a_second(service, monkeypatch):
    monkeypatch.setattr("api.edit_news.STREAM_S", 1.0)
    with ThreadPoolExecutor(1) as pool:
        heard = pool.submit(service.get, "/events?after=1")
        time.sleep(0.2)
        edit(service, ("u10", WEST1), on=1)
        assert "id: 2" in heard.result().text


def test_a_refusal_speaks_the_planners_language(service):
    answer = post(service, "edits", moves(("u11", WEST1)), on=1, lang="zh")
    assert "块" in answer.json()["title"]
    assert "u11" in answer.json()["detail"]


@pytest.mark.parametrize("value", ["*", '"x"', '"1", "2"'])
def test_a_version_that_is_none_is_refused(service, value):
    answer = service.post("/undo", json={}, headers={"If-Match": value})
    assert (answer.status_code, answer.json()["code"]) == (422, "if-match-wrong")


def test_the_examples_have_the_shapes_of_the_answers():
    for name in ("edit", "undo", "lock", "status"):
        edit_wire.EditAnswer.model_validate(EDIT_EXAMPLES[name])
    edit_wire.DiffAnswer.model_validate(EDIT_EXAMPLES["diff"])
