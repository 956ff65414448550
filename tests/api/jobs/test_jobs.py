"""Jobs over HTTP: asked for, done in a process of their own, told, cancelled."""

import json

import pytest

from api.jobs.asked import JobAnswer
from api.jobs.work import proposal_of
from api.routers.examples import EXAMPLES
from gis.model.plan import GridInfo, Plan

WEST1, WEST2, WEST3 = "610001001", "610001002", "610001003"


def ask(running, path, body, *, on=None, key=None):
    headers = {"Accept-Language": "en"} | ({"If-Match": f'"{on}"'} if on else {})
    return running.post(f"/v1/{path}", json=body, headers=headers | ({"Idempotency-Key": key} if key else {}))


def propose(running, plan_id, kind, *grids, on=1, **more):
    return ask(running, f"plans/{plan_id}/proposals", {"kind": kind, "grids": list(grids), **more}, on=on)


def test_a_proposal_comes_with_its_numbers_and_changes_nothing(running, plan_id, ended):
    job = ended(propose(running, plan_id, "rebalance", WEST1, WEST2))
    assert (job["state"], job["problem"], job["progress_share"]) == ("done", None, 1.0)
    JobAnswer.model_validate(job)
    result = job["result"]
    assert {g["grid_id"] for g in result["old_grids"]} == {g["grid_id"] for g in result["grids"]} == {WEST1, WEST2}
    assert sum(g["households"] for g in result["grids"]) == sum(g["households"] for g in result["old_grids"])
    assert all(g["pieces"] == 1 for g in result["grids"])
    assert running.get(f"/v1/plans/{plan_id}").headers["etag"] == '"1"'


def test_a_split_proposes_a_new_code(running, plan_id, ended):
    result = ended(propose(running, plan_id, "split", WEST1))["result"]
    (new,) = result["new_grids"]
    assert new["grid_id"] not in {WEST1, WEST2, WEST3}
    assert new["name"] == "河西社区 004"
    assert [g["name"] for g in result["grids"] if g["grid_id"] == new["grid_id"]] == ["河西社区 004"]
    assert {m["new_grid_id"] for m in result["moves"]} == {new["grid_id"]}
    assert result["households_moved"] == sum(
        g["households"] for g in result["grids"] if g["grid_id"] == new["grid_id"]
    )


def test_a_proposal_counts_the_households_whose_grid_does_not_live_on(running, plan_id):
    store = running.app.state.shelf.store
    study, plan = store.load_edition(store.edition_of(plan_id)), store.load_plan(plan_id)
    fresh = GridInfo("610001004", "610001")
    held = plan.assignment.astype(object)
    held[["u00", "u01", "u02"]] = fresh.grid_id  # most of the grid goes on under a new code
    after = Plan.of(plan.study_id, held, [*plan.grids.values(), fresh])
    assert proposal_of(study, plan, after, [WEST1])["households_moved"] == 100


def test_what_makes_no_sense_is_refused_before_it_is_queued(running, plan_id):
    assert propose(running, plan_id, "split", WEST1, WEST2).status_code == 422
    assert propose(running, plan_id, "rebalance", WEST1, "nowhere").json()["code"] == "unknown-grid"
    stale = propose(running, plan_id, "rebalance", WEST1, WEST2, on=9)
    assert (stale.status_code, stale.json()["code"]) == (412, "plan-stale")
    unnamed = ask(running, f"plans/{plan_id}/proposals", {"kind": "rebalance", "grids": [WEST1, WEST2]})
    assert unnamed.status_code == 428
    assert ask(running, "plans/none/staffing", {}).status_code == 404
    assert ask(running, "studies/none/plans", {}).status_code == 404
    study = running.get(f"/v1/plans/{plan_id}").json()["study_id"]
    both = {"service": "eldercare_500", "add": 1, "budget": 5}
    assert ask(running, f"studies/{study}/siting", both).json()["code"] == "siting-one-of"
    assert running.get("/v1/jobs/job-0").json()["code"] == "unknown-job"


def test_what_the_engine_refuses_is_told_in_the_reader_s_language(running, plan_id, ended):
    answer = propose(running, plan_id, "rebalance", WEST1, "610002001")
    job = ended(answer)
    assert (job["state"], job["problem"]["code"]) == ("failed", "proposal-communities")
    chinese = running.get(answer.headers["location"], headers={"Accept-Language": "zh"}).json()
    assert "社区" in chinese["problem"]["title"]


def test_the_same_key_is_the_same_job(running, plan_id, ended):
    body = {"kind": "split", "grids": [WEST1]}
    first = ask(running, f"plans/{plan_id}/proposals", body, on=1, key=f"split-{plan_id}")
    again = ask(running, f"plans/{plan_id}/proposals", body, on=1, key=f"split-{plan_id}")
    assert first.json()["job"] == again.json()["job"]
    other = ask(running, f"plans/{plan_id}/proposals", {**body, "grids": [WEST2]}, on=1, key=f"split-{plan_id}")
    assert (other.status_code, other.json()["code"]) == (422, "edit-key-reused")
    ended(first)


def test_a_job_s_news_end_with_the_job(running, plan_id):
    where = propose(running, plan_id, "rebalance", WEST1, WEST2).headers["location"]
    with running.stream("GET", f"{where}/events") as stream:
        told = [json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: ")]
    shares = [t["progress_share"] for t in told]
    assert shares == sorted(shares)
    assert told[-1]["state"] == "done"
    assert told[-1]["result"]["grids"]


@pytest.mark.slow
def test_a_plan_is_drawn_staffed_and_sited(running, plan_id, ended):
    study = running.get(f"/v1/plans/{plan_id}").json()["study_id"]
    drawn = ended(ask(running, f"studies/{study}/plans", {"settings": {"rng_seed": 3}}))
    assert drawn["state"] == "done", drawn["problem"]
    new = running.get(f"/v1/plans/{drawn['result']['plan']}").json()
    assert (new["rng_seed"], new["version"], new["status"]) == (3, 1, "draft")
    grids = running.get(f"/v1/plans/{drawn['result']['plan']}/editor").json()["grids"]
    named = [g for g in grids if g["community"] == "610001"]
    assert named
    assert {g["name"] for g in named} == {f"河西社区 {g['id'][-3:]}" for g in named}
    staffed = ended(ask(running, f"plans/{plan_id}/staffing", {}))
    assert staffed["result"]["postings"]
    sited = ended(ask(running, f"studies/{study}/siting", {"service": "eldercare_500", "add": 1}))
    assert len(sited["result"]["chosen"]) == 1
    listed = running.get("/v1/jobs", params={"study": study}).json()["jobs"]
    assert [j["job"] for j in listed][:3] == [sited["job"], staffed["job"], drawn["job"]]


def test_the_examples_have_their_shape():
    JobAnswer.model_validate(EXAMPLES["job"])
