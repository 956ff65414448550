"""A service of its own for jobs: river town, edited and worked on."""

import time

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import ServiceSettings
from tests.api.conftest import town


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('jobs') / 'wangge.db'}"
    with TestClient(create_app(ServiceSettings(database=url)), base_url="http://127.0.0.1") as opened:
        yield opened


@pytest.fixture
def plan_id(running):
    return running.app.state.shelf.store.save_outcome(town())


@pytest.fixture
def ended(running):
    """Wait until a job has ended."""

    def wait(answer, seconds=120):
        assert answer.status_code == 202, answer.text
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            job = running.get(answer.headers["location"], headers={"Accept-Language": "en"}).json()
            if job["state"] not in {"queued", "running"}:
                return job
            time.sleep(0.05)
        raise AssertionError(f"the job goes on and on: {job}")

    return wait
