"""Tasks over processes: same answers on any number of them, and a killed worker loses nothing."""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from typing import TypeVar

__all__ = ["collect_rarely", "run_all"]

TaskT = TypeVar("TaskT")
AnswerT = TypeVar("AnswerT")

ASK_S = 0.1  # how often a person's wish to stop is passed on
MAX_REBUILDS = 3

MADE_BEFORE_COLLECTING = 200_000  # objects; the default, 700, looks at every object of pandas again and again

_flag: list[object] = []  # the event that workers look at; set once by the pool in each worker


def run_all(
    work: Callable[[TaskT, Callable[[], bool]], AnswerT],
    tasks: Sequence[TaskT],
    *,
    processes: int,
    cancelled: Callable[[], bool],
    needs: Sequence[str] = (),
) -> Iterator[tuple[int, AnswerT]]:
    """Yield (position, answer) as tasks end, in no order; start them in the order given.

    Parameters
    ----------
    work
        A module-level function of a task and a question "is the work cancelled?".
    processes
        1 works here, without a pool.
    cancelled
        Asked all the time; when it says yes, ``work`` is told and ends early by itself.
    needs
        Modules that ``work`` imports when it runs; they are loaded once for all workers.

    Raises
    ------
    BrokenProcessPool
        When workers have been killed more than three times.
    """
    if processes <= 1 or len(tasks) <= 1:
        for position, task in enumerate(tasks):
            yield position, work(task, cancelled)
        return
    context = _context([work.__module__, *needs])
    left = dict(enumerate(tasks))
    rebuilds = 0
    while left:
        flag = context.Event()
        try:
            with ProcessPoolExecutor(
                min(processes, len(left)), mp_context=context, initializer=_remember, initargs=(flag,)
            ) as pool:
                futures: dict[Future[AnswerT], int] = {
                    pool.submit(_call, work, task): position for position, task in left.items()
                }
                waiting = set(futures)
                while waiting:
                    done, waiting = wait(waiting, timeout=ASK_S, return_when=FIRST_COMPLETED)
                    if cancelled():
                        flag.set()
                    for future in done:
                        answer = future.result()
                        del left[futures[future]]
                        yield futures[future], answer
        except BrokenProcessPool:
            rebuilds += 1
            if rebuilds > MAX_REBUILDS:
                raise


def _context(modules: list[str]) -> BaseContext:
    """Return how workers are made: forked from a clean server that has loaded the modules once, if there is one."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(modules)
    return context


def collect_rarely() -> None:
    """Let the garbage collector leave alone what is there now and look seldom: a tenth of a large study's time."""
    gc.freeze()
    gc.set_threshold(MADE_BEFORE_COLLECTING, 20, 20)


def _remember(flag: object) -> None:
    """Begin a worker; Ctrl+C reaches every process of a terminal, but the first one decides what it means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _flag[:] = [flag]
    collect_rarely()


def _call(work: Callable[[TaskT, Callable[[], bool]], AnswerT], task: TaskT) -> AnswerT:
    is_set: Callable[[], bool] = _flag[0].is_set  # type: ignore[attr-defined]
    return work(task, is_set)
