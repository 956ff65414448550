"""What a planner does beside moving units: pieces for now, proposals taken over, notes, links, earlier versions."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.comment_wire import CommentAnswer
from api.edit_examples import EDIT_EXAMPLES
from api.edit_wire import EditAnswer
from api.routers.examples import EXAMPLES
from api.settings import ServiceSettings
from tests.api.conftest import town

WEST1, WEST2, WEST3 = "610001001", "610001002", "610001003"
EAST1 = "610002001"


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('drafting') / 'wangge.db'}"
    with TestClient(create_app(ServiceSettings(database=url)), base_url="http://127.0.0.1") as opened:
        yield opened


class Plan:
    def __init__(self, running):
        self.running = running
        self.plan_id = running.app.state.shelf.store.save_outcome(town())

    def get(self, path="", **options):
        return self.running.get(f"/v1/plans/{self.plan_id}{path}", headers={"Accept-Language": "en"}, **options)

    def post(self, path, body, *, on=None):
        headers = {"Accept-Language": "en"} | ({"If-Match": f'"{on}"'} if on else {})
        return self.running.post(f"/v1/plans/{self.plan_id}/{path}", json=body, headers=headers)

    def move(self, *pairs, on, **more):
        return self.post("edits", {"moves": [{"unit_id": u, "grid_id": g} for u, g in pairs], **more}, on=on)

    def propose(self, kind, *grids, on=1, **more):
        answer = self.post("proposals", {"kind": kind, "grids": list(grids), **more}, on=on)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            job = self.running.get(answer.headers["location"]).json()
            if job["state"] not in {"queued", "running"}:
                return job
            time.sleep(0.05)
        raise AssertionError(job)

    @property
    def grid_of(self):
        return {f["id"]: f["properties"]["grid_id"] for f in self.get("/units").json()["features"]}

    @property
    def document(self):
        return self.get("/editor").json()


@pytest.fixture
def plan(running):
    return Plan(running)


def told(answer):
    assert answer.status_code == 200, answer.text
    EditAnswer.model_validate(answer.json())
    return answer.json()


def step(status):
    return {"status": status, "author_name": "王工", "note": "请审"}


def code(answer):
    return answer.status_code, answer.json()["code"]


def test_a_planner_passes_through_a_disconnected_moment_and_can_not_submit_it(plan):
    corner = ("u00", WEST3)  # far from the third grid
    assert code(plan.move(corner, on=1)) == (422, "grid-disconnected")
    broken = told(plan.move(corner, on=1, in_pieces=True))
    assert broken["in_pieces"] == [WEST3]
    refused = plan.post("status", step("submitted"), on=2)
    assert code(refused) == (422, "submit-in-pieces")
    assert WEST3 in refused.json()["title"]
    mended = told(plan.move(("u00", WEST1), on=2))
    assert mended["in_pieces"] == []
    assert code(plan.post("undo", {}, on=3)) == (422, "grid-disconnected")
    assert told(plan.post("undo", {"in_pieces": True}, on=3))["in_pieces"] == [WEST3]
    told(plan.move(("u00", WEST1), on=4))
    assert told(plan.post("status", step("submitted"), on=5))["status"] == "submitted"


def test_no_other_rule_gives_way_in_pieces(plan):
    assert code(plan.move(("u00", EAST1), on=1, in_pieces=True)) == (422, "grid-across-communities")
    told(plan.post("locks", {"locked": True, "grids": [WEST1]}, on=1))
    assert code(plan.move(("u10", WEST1), on=2, in_pieces=True)) == (422, "grid-locked")


def test_a_proposal_is_accepted_and_undone_as_one_edit(plan):
    before = plan.grid_of
    job = plan.propose("split", WEST1)
    answer = told(plan.post("edits", {"kind": "accept", "proposal": job["job"]}, on=1))
    assert (answer["kind"], answer["version"]) == ("accept", 2)
    assert {m["unit_id"]: m["new_grid_id"] for m in answer["moves"]} == {
        m["unit_id"]: m["new_grid_id"] for m in job["result"]["moves"]
    }
    assert {g["grid_id"]: g["households"] for g in answer["grids"]} == {
        g["grid_id"]: g["households"] for g in job["result"]["grids"]
    }
    assert plan.get("/history").json()["edits"][-1]["payload"]["proposal"] == job["job"]
    told(plan.post("undo", {}, on=2))
    assert plan.grid_of == before
    told(plan.post("redo", {}, on=3))
    assert plan.grid_of != before


def test_a_proposal_fits_beside_other_edits_but_not_over_them(plan):
    job = plan.propose("split", WEST1)
    (moved, *_) = [m["unit_id"] for m in job["result"]["moves"]]
    told(plan.move(("u23", WEST2), on=1))  # elsewhere
    other = plan.propose("split", WEST1, on=2)
    told(plan.post("edits", {"kind": "accept", "proposal": job["job"]}, on=2))
    over = plan.post("edits", {"kind": "accept", "proposal": other["job"]}, on=3)
    assert over.status_code == 422
    assert over.json()["code"] in {"proposal-overtaken", "grid-code-used"}
    assert plan.grid_of[moved] not in {WEST1, WEST2, WEST3}


def test_only_a_finished_proposal_for_this_plan_is_accepted(plan, running):
    other = Plan(running)
    job = other.propose("split", WEST1)
    assert code(plan.post("edits", {"kind": "accept", "proposal": job["job"]}, on=1)) == (422, "proposal-not-ready")
    assert code(plan.post("edits", {"kind": "accept", "proposal": "job-0"}, on=1)) == (422, "unknown-job")
    assert plan.post("edits", {"kind": "accept"}, on=1).status_code == 422
    assert plan.post("edits", {"kind": "move", "proposal": job["job"]}, on=1).status_code == 422


def test_a_proposal_minds_units_that_the_plan_has_locked(plan):
    told(plan.post("locks", {"locked": True, "units": ["u00", "u03"]}, on=1))
    job = plan.propose("split", WEST1, on=2)
    assert not {"u00", "u03"} & {m["unit_id"] for m in job["result"]["moves"]}


def test_a_note_is_an_edit_that_changes_nothing(plan):
    answer = told(plan.post("edits", {"kind": "note", "note": "看过现场", "notes_on": [WEST2]}, on=1))
    assert (answer["version"], answer["moves"], [g["grid_id"] for g in answer["grids"]]) == (2, [], [WEST2])
    assert plan.get("/history").json()["edits"][-1]["payload"]["note"] == "看过现场"
    assert code(plan.post("edits", {"kind": "note", "note": "x", "notes_on": ["none"]}, on=2))[1] == "unknown-grid"
    assert plan.post("edits", {"kind": "note"}, on=2).status_code == 422
    assert code(plan.post("edits", {"kind": "note", "note": "电话 13812345678"}, on=2)) == (422, "text-personal")
    assert code(plan.post("undo", {}, on=2))[1] == "nothing-to-undo"  # a note is not taken back


def test_a_link_makes_neighbours_and_is_taken_back(plan):
    assert code(plan.move(("u23", WEST1), on=1)) == (422, "grid-disconnected")
    assert plan.document["links_added"] == []
    asked = {"unit_a": "u23", "unit_b": "u00", "joined": True, "note": "天桥"}
    answer = told(plan.post("links", asked, on=1))
    assert answer["links"] == [{"unit_a": "u00", "unit_b": "u23", "joined": True}]
    assert plan.document["links_added"] == [["u00", "u23"]]
    assert code(plan.post("links", asked, on=2)) == (422, "link-there")
    told(plan.post("undo", {}, on=2))
    assert plan.document["links_added"] == []
    assert plan.document["links_removed"] == [["u00", "u23"]]  # cut where there was none: as it was
    told(plan.post("links", asked, on=3))
    assert told(plan.move(("u23", WEST1), on=4))["in_pieces"] == []
    served = {f["id"]: f["properties"]["pieces"] for f in plan.get("/grids").json()["features"]}
    assert served[WEST1] == 1


def test_a_link_that_holds_a_grid_together_is_not_cut(plan):
    document = plan.document
    ids, pairs = document["unit_ids"], document["pairs"]
    near = {u: set() for u in ids}
    for a, b in zip(pairs[::2], pairs[1::2], strict=True):
        near[ids[a]].add(ids[b])
        near[ids[b]].add(ids[a])
    mine = [u for u, g in zip(ids, document["grid_of"], strict=True) if document["grids"][g]["id"] == WEST1]
    bridge = next((u, v) for u in mine for v in near[u] & set(mine) if len(near[u] & set(mine)) == 1)
    cut = {"unit_a": bridge[0], "unit_b": bridge[1], "joined": False, "note": "围墙"}
    assert code(plan.post("links", cut, on=1)) == (422, "link-holds-grid")
    answer = told(plan.post("links", {**cut, "in_pieces": True}, on=1))
    assert answer["in_pieces"] == [WEST1]
    served = {f["id"]: f["properties"]["pieces"] for f in plan.get("/grids").json()["features"]}
    assert served[WEST1] == 2
    assert code(plan.post("status", step("submitted"), on=2)) == (422, "submit-in-pieces")


def test_links_that_make_no_sense_are_refused(plan):
    def link(a, b, *, joined=True):
        return code(plan.post("links", {"unit_a": a, "unit_b": b, "joined": joined, "note": "because"}, on=1))

    assert link("u00", "u00") == (422, "link-to-itself")
    assert link("u00", "u40") == (422, "link-across-communities")
    assert link("u00", "u99x") == (422, "unknown-unit")
    assert link("u00", "u22", joined=False) == (422, "link-not-there")
    assert plan.post("links", {"unit_a": "u00", "unit_b": "u22", "joined": True}, on=1).status_code == 422


def test_an_earlier_version_comes_back_by_an_edit(plan):
    first = plan.grid_of
    told(plan.move(("u10", WEST1), on=1))
    told(plan.post("locks", {"locked": True, "grids": [WEST3]}, on=2))
    job = plan.propose("split", WEST2, on=3)
    told(plan.post("edits", {"kind": "accept", "proposal": job["job"]}, on=3))
    answer = told(plan.post("restore", {"version": 1, "note": "重来"}, on=4))
    assert (answer["kind"], answer["version"]) == ("restore", 5)
    assert plan.grid_of == first
    locked = {g["id"]: g["locked"] for g in plan.document["grids"]}
    assert locked == {g: g == WEST3 for g in locked}
    assert code(plan.post("restore", {"version": 1}, on=5))[1] == "edit-changes-nothing"
    assert code(plan.post("restore", {"version": 77}, on=5))[1] == "unknown-version"
    told(plan.post("undo", {}, on=5))
    assert plan.grid_of != first


def test_comments_stand_beside_the_plan(plan):
    made = plan.post("comments", {"text": "北门出入", "grid_id": WEST1, "author": "街道"})
    assert made.status_code == 201
    CommentAnswer.model_validate(made.json())
    place = plan.post("comments", {"text": "这里有围墙", "lon": 108.2, "lat": 34.3})
    assert (place.json()["lon"], place.json()["grid_id"]) == (108.2, None)
    closed = plan.post(f"comments/{made.json()['comment']}/close", {"author": "planner"}).json()
    assert closed["closed_by"] == "planner"
    again = plan.post(f"comments/{made.json()['comment']}/close", {"author": "other"}).json()
    assert again == closed
    listed = plan.get("/comments").json()["comments"]
    assert [c["comment"] for c in listed] == [made.json()["comment"], place.json()["comment"]]
    assert plan.get().headers["etag"] == '"1"'  # no new version


def test_comments_that_make_no_sense_are_refused(plan, running):
    assert code(plan.post("comments", {"text": "x", "grid_id": "none"})) == (422, "unknown-grid")
    assert plan.post("comments", {"text": "x", "lon": 1.0}).status_code == 422
    assert plan.post("comments", {"text": "x", "grid_id": WEST1, "lon": 1.0, "lat": 1.0}).status_code == 422
    assert code(plan.post("comments", {"text": "身份证 11010519491231002X"})) == (422, "text-personal")
    assert code(plan.post("comments/comment-0/close", {})) == (404, "unknown-comment")
    other = Plan(running).post("comments", {"text": "elsewhere"}).json()["comment"]
    assert code(plan.post(f"comments/{other}/close", {})) == (404, "unknown-comment")
    assert running.get("/v1/plans/none/comments").status_code == 404


def test_comments_written_at_once_are_all_kept(plan):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda i: plan.post("comments", {"text": f"comment {i}"}), range(8)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.json()["comment"] for a in answers}) == 8


def test_the_examples_have_their_shape():
    EditAnswer.model_validate(EDIT_EXAMPLES["link"])
    CommentAnswer.model_validate(EXAMPLES["comment"])
