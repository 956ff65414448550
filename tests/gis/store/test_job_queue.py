"""The queue of jobs: each is done once, whoever dies on the way."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from gis.model.errors import UnknownIdError
from gis.model.kinds import JobState
from gis.store import EditKeyReusedError, JobAsked, JobLostError, Store
from tests.maps.river_town import river_town

KINDS = ("split", "rebalance")


class Clock:
    def __init__(self):
        self.at = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self):
        return self.at

    def go(self, seconds):
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    opened = Store.open(f"sqlite:///{tmp_path / 'wangge.db'}", now=clock)
    yield opened
    opened.close()


def asked(*grids, kind="split"):
    return JobAsked(kind, "town", {"grids": list(grids)}, "town-1", 4, "planner")


def test_jobs_are_taken_in_order_and_once(store):
    first, second = store.jobs.ask(asked("a")), store.jobs.ask(asked("b"))
    assert store.jobs.take(("draw",), lease_s=5) is None
    assert store.jobs.take(KINDS, lease_s=5).job_id == first.job_id
    taken = store.jobs.take(KINDS, lease_s=5)
    assert (taken.job_id, taken.state, taken.attempt, taken.asked) == (
        second.job_id,
        JobState.RUNNING,
        1,
        {"grids": ["b"]},
    )
    assert store.jobs.take(KINDS, lease_s=5) is None


def test_a_job_whose_holder_died_is_taken_again_and_the_dead_one_is_not_heard(store, clock):
    store.jobs.ask(asked("a"))
    dead = store.jobs.take(KINDS, lease_s=5)
    clock.go(4)
    assert store.jobs.tell(dead.ticket, lease_s=5, share=0.5, stage="stage-draw", best={"walk_mean_m": 40.0})
    clock.go(4)
    assert store.jobs.take(KINDS, lease_s=5) is None  # it told, so it lives
    clock.go(2)
    again = store.jobs.take(KINDS, lease_s=5)
    assert (again.job_id, again.attempt, again.progress_share, again.best) == (dead.job_id, 2, 0.0, None)
    assert not store.jobs.tell(dead.ticket, lease_s=5, share=0.9)
    with pytest.raises(JobLostError):
        store.jobs.end(dead.ticket, result={"from": "the dead"})
    store.jobs.end(again.ticket, result={"from": "the living"})
    ended = store.jobs.job(dead.job_id)
    assert (ended.state, ended.result, ended.progress_share) == (JobState.DONE, {"from": "the living"}, 1.0)
    with pytest.raises(JobLostError):
        store.jobs.end(again.ticket, result={"from": "the living"})


def test_a_job_that_kills_its_process_is_given_up(store, clock):
    job = store.jobs.ask(asked("a"))
    for _ in range(3):
        assert store.jobs.take(KINDS, lease_s=5).job_id == job.job_id
        clock.go(6)
    assert store.jobs.take(KINDS, lease_s=5) is None
    told = store.jobs.job(job.job_id)
    assert (told.state, told.problem["code"]) == (JobState.FAILED, "job-gave-up")


def test_a_service_that_ends_gives_its_job_back_without_counting_it(store):
    job = store.jobs.ask(asked("a"))
    for _ in range(5):
        taken = store.jobs.take(KINDS, lease_s=5)
        store.jobs.give_back(taken.ticket)
    assert store.jobs.job(job.job_id).state is JobState.QUEUED


def test_what_is_cancelled_has_no_result(store):
    waiting, running = store.jobs.ask(asked("a")), None
    assert store.jobs.cancel(waiting.job_id).state is JobState.CANCELLED
    assert store.jobs.take(KINDS, lease_s=5) is None
    store.jobs.ask(asked("b"))
    running = store.jobs.take(KINDS, lease_s=5)
    store.jobs.cancel(running.job_id)
    assert not store.jobs.tell(running.ticket, lease_s=5, share=0.5)
    with pytest.raises(JobLostError):
        store.jobs.end(running.ticket, result={})
    assert store.jobs.cancel(running.job_id).state is JobState.CANCELLED  # twice is once


def test_a_key_names_one_job(store):
    assert store.jobs.ask(asked("a"), key="k").job_id == store.jobs.ask(asked("a"), key="k").job_id
    with pytest.raises(EditKeyReusedError):
        store.jobs.ask(asked("b"), key="k")
    assert len(store.jobs.listed()) == 1
    assert store.jobs.listed(plan_id="other") == ()


def test_a_plan_and_the_end_of_its_job_are_written_together(store):
    store.jobs.ask(JobAsked("draw", "town", {}))
    taken = store.jobs.take(("draw",), lease_s=5)
    plan_id = store.save_outcome(river_town(), of_job=taken.ticket)
    assert store.jobs.job(taken.job_id).result == {"plan": plan_id}
    with pytest.raises(JobLostError):
        store.save_outcome(river_town(), of_job=taken.ticket)
    assert len(store.plans()) == 1


def test_an_unknown_job_is_said_to_be_unknown(store):
    for act in (store.jobs.job, store.jobs.cancel):
        with pytest.raises(UnknownIdError, match="job-9"):
            act("job-9")


def test_a_database_from_before_jobs_is_given_their_table(tmp_path):
    url = f"sqlite:///{tmp_path / 'old.db'}"
    Store.open(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE job"))
        connection.execute(text("UPDATE schema_version SET version = 1"))
    engine.dispose()
    store = Store.open(url)
    assert store.jobs.listed() == ()
    store.close()
