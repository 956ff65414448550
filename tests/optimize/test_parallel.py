import os
import signal
import time
from pathlib import Path

import pytest

from optimize.parallel import run_all


def square(number, cancelled):
    return -1 if cancelled() else number * number


def die_once(task, cancelled):
    number, folder = task
    flag = Path(folder) / "died"
    if number == 2 and not flag.exists():
        flag.write_text("")
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def be_interrupted(number, cancelled):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.2)
    return number


def test_one_process_works_here_in_order():
    assert list(run_all(square, [3, 1, 2], processes=1, cancelled=lambda: False)) == [(0, 9), (1, 1), (2, 4)]


def test_a_cancelled_run_tells_its_tasks():
    assert dict(run_all(square, [3, 1], processes=1, cancelled=lambda: True)) == {0: -1, 1: -1}


@pytest.mark.slow
def test_several_processes_answer_every_task_once():
    assert dict(run_all(square, [3, 1, 2], processes=2, cancelled=lambda: False)) == {0: 9, 1: 1, 2: 4}


@pytest.mark.slow
def test_a_killed_worker_loses_no_task(tmp_path):
    tasks = [(i, str(tmp_path)) for i in range(6)]
    assert dict(run_all(die_once, tasks, processes=2, cancelled=lambda: False)) == {i: i for i in range(6)}


@pytest.mark.slow
def test_an_interrupt_that_reaches_the_workers_as_well_ends_no_task():
    assert dict(run_all(be_interrupted, [3, 1], processes=2, cancelled=lambda: False)) == {0: 3, 1: 1}
