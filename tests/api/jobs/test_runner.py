"""Processes at work: cancelled ones are ended, none is left over, and there are never two results."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2 as httpx
import pytest

from api.workflow import measure_outcome, read_study
from gis.store import Store
from optimize.partition import draw_grids
from optimize.settings import PartitionSettings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]


@pytest.fixture(scope="module")
def heavy(tmp_path_factory):
    """A database with a plan of the real town that takes several seconds to draw again."""
    _, study = read_study(Path("examples/ang_mo_kio/study.toml"))
    quick = PartitionSettings.of(study, work=1000, prove=False)
    path = tmp_path_factory.mktemp("runner") / "wangge.db"
    store = Store.open(f"sqlite:///{path}")
    store.save_outcome(measure_outcome(study, draw_grids(study, quick)))
    store.close()
    return path


class Service:
    """`wangge serve` in a process of its own; all that it starts carries its database in the environment."""

    def __init__(self, database):
        self.database = database
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = None
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)

    def start(self):
        command = [sys.executable, "-c", "from api.start import main; main()", "serve", "--port", str(self.port)]
        environment = {**os.environ, "WANGGE_DATABASE": f"sqlite:///{self.database}"}
        self.process = subprocess.Popen(
            command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if self.client.get("/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError("the service does not start")

    def processes(self):
        """Processes that belong to the service, itself left out, dead ones that nobody has waited for too."""
        mine = set()
        for folder in Path("/proc").iterdir():
            try:
                if (
                    folder.name.isdecimal()
                    and f"sqlite:///{self.database}".encode() in (folder / "environ").read_bytes()
                ):
                    mine.add(int(folder.name))
            except OSError:
                continue
        return mine - {self.process.pid}

    def at_work(self):
        """Groups of processes that jobs lead."""
        return {pid for pid in self.processes() if os.getpgid(pid) == pid}

    def draw(self):
        answer = self.client.post("/v1/studies/ang-mo-kio/plans", json={"settings": {"rng_seed": 5, "seconds": 2}})
        assert answer.status_code == 202, answer.text
        return answer.json()["job"]

    def job(self, job_id):
        return self.client.get(f"/v1/jobs/{job_id}").json()

    def until(self, says, seconds=60):
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if says():
                return
            time.sleep(0.02)
        raise AssertionError("waited in vain")

    def plans(self):
        return len(self.client.get("/v1/studies/ang-mo-kio").json()["plans"])

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(30)


@pytest.fixture
def service(heavy):
    running = Service(heavy)
    running.start()
    yield running
    if running.process.poll() is None:
        running.stop()
    running.client.close()


def test_a_cancelled_job_is_ended_before_its_work_is_done_and_has_no_result(service):
    plans = service.plans()
    job = service.draw()
    service.until(lambda: service.job(job)["state"] == "running" and service.at_work())
    assert service.client.delete(f"/v1/jobs/{job}").json()["state"] == "cancelled"
    service.until(lambda: not service.at_work())  # how soon is measured in benchmarks/editors.py
    told = service.job(job)
    assert (told["state"], told["result"], service.plans()) == ("cancelled", None, plans)
    after = service.draw()  # the queue goes on
    service.until(lambda: service.job(after)["state"] == "done")
    assert service.plans() == plans + 1


def test_a_killed_service_leaves_no_process_and_its_job_is_done_once_by_the_next(service):
    plans = service.plans()
    job, queued = service.draw(), service.draw()
    service.until(lambda: service.job(job)["state"] == "running" and service.at_work())
    service.stop(signal.SIGKILL)
    service.until(lambda: not service.processes(), seconds=5)
    service.start()
    both = (job, queued)  # in either order: the first is taken up when its lease has run out
    service.until(lambda: all(service.job(one)["state"] not in {"queued", "running"} for one in both))
    assert [(told["state"], told["problem"]) for told in map(service.job, both)] == [("done", None)] * 2
    assert service.plans() == plans + 2


def test_a_service_that_is_stopped_gives_its_job_back(service):
    plans = service.plans()
    job = service.draw()
    service.until(lambda: service.job(job)["state"] == "running" and service.at_work())
    service.stop()
    service.until(lambda: not service.processes(), seconds=5)
    store = Store.open(f"sqlite:///{service.database}")
    waiting = store.jobs.job(job)
    store.close()
    assert (str(waiting.state), waiting.attempt) == ("queued", 0)
    service.start()
    service.until(lambda: service.job(job)["state"] == "done")
    assert service.plans() == plans + 1


def test_a_process_that_is_killed_fails_its_job_with_words(service):
    job = service.draw()
    service.until(service.at_work)
    for pid in service.at_work():
        os.killpg(pid, signal.SIGKILL)
    service.until(lambda: service.job(job)["state"] not in {"queued", "running"})
    assert service.job(job)["problem"]["code"] == "job-died"
