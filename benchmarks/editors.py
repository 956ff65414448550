"""The write path under its load: twenty planners on one plan, and a service that is killed again and again.

`python -m benchmarks editors` runs it on the Singapore plan. What was acknowledged is then looked up in the store:
every edit is there once, the versions have no gap, and the chain of seals holds.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread

from benchmarks.child import cost_of
from benchmarks.figures import Figure, write_section
from benchmarks.planners import Planner, Sent
from benchmarks.service import HOST, PORT, ROOT, WANGGE, percentile, serving
from gis.store import Store

PLANNERS, EVERY_S, SECONDS = 20, 3.0, 600
KILLS, KILLED_PLANNERS = 100, 3


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        study = ROOT / "benchmarks" / "singapore" / "study.toml"
        cost_of([WANGGE, "plan", str(study), "--out", f"{folder}/plan", "--processes", "2"])
        measure(Path(folder) / "plan")


def measure(plan_folder: Path, *, seconds: float = SECONDS, kills: int = KILLS) -> None:
    """Measure on a plan's output folder and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/wangge.db"
        cost_of([WANGGE, "load", str(plan_folder), "--database", database])
        with serving(database):
            crowd = json.loads(
                subprocess.run(
                    [sys.executable, "-m", "benchmarks.editors", str(seconds)],
                    cwd=ROOT, capture_output=True, check=True, text=True,
                ).stdout
            )  # fmt: skip
        kept = found_in(database, crowd["versions"])
        cost_of([WANGGE, "load", str(plan_folder), "--database", database])
        killed = killing(database, kills)
    write_section(
        f"Editing: {PLANNERS} planners on the Singapore plan, an edit each {EVERY_S:g} s, {seconds:g} s",
        "python -m benchmarks editors",
        [
            Figure("edits acknowledged", "–", [len(crowd["versions"])], ""),
            Figure("acknowledged and lost, or doubled", "0", [kept["lost"] + kept["doubled"]], ""),
            Figure("edit answered, p50", "–", [percentile(crowd["ms"], 0.5)], "ms"),
            Figure("edit answered, p95", "<= 100 ms", [percentile(crowd["ms"], 0.95)], "ms"),
            Figure("edit answered, p99", "<= 300 ms", [percentile(crowd["ms"], 0.99)], "ms"),
            Figure(
                "stale edits", "all answered 412", [crowd["codes"].get("412", 0)], "",
                f"{crowd['told'].get('merged', 0)} merged, {crowd['told'].get('shown', 0)} shown",
            ),
            Figure("refused by a hard rule", "–", [crowd["codes"].get("422", 0)], ""),
        ],
    )  # fmt: skip
    write_section(
        f"Editing: the service killed (SIGKILL) {kills} times amid edits",
        "python -m benchmarks editors",
        [
            Figure("edits acknowledged", "–", [killed["acknowledged"]], ""),
            Figure("acknowledged and lost", "0", [killed["lost"]], ""),
            Figure("doubled", "0", [killed["doubled"]], ""),
            Figure("sent again after a kill without an answer", "–", [killed["again"]], "", killed["note"]),
            Figure("serving again", "<= 5 s", killed["up_s"], "s"),
        ],
        remark=f"{KILLED_PLANNERS} planners edit as fast as they can; what had no answer is sent again with its key.",
    )


def crowd(seconds: float, *, planners: int = PLANNERS, every_s: float = EVERY_S) -> dict:
    """Let planners edit the youngest plan at a steady rate; return their answers."""
    plan = youngest()
    hands = [Planner(HOST, PORT, plan, f"planner-{i}", random.Random(i)) for i in range(planners)]
    for hand in hands:
        hand.open()
    start = time.monotonic() + 0.5

    def edit(number: int, hand: Planner) -> None:
        due = start + every_s * number / planners
        while due < start + seconds:
            time.sleep(max(0.0, due - time.monotonic()))
            hand.stroke()
            due += every_s

    threads = [Thread(target=edit, args=pair) for pair in enumerate(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = [edit for hand in hands for edit in hand.sent]
    totals = {
        name: sum((getattr(h, name) for h in hands), start=type(hands[0].codes)()) for name in ("codes", "told")
    }
    return {
        "plan": plan,
        "ms": [edit.ms for edit in sent],
        "versions": {edit.key: edit.version for edit in sent if edit.version is not None},
        **{name: {str(k): v for k, v in total.items()} for name, total in totals.items()},
    }


def youngest() -> str:
    """Return the plan that was loaded last."""
    connection = http.client.HTTPConnection(HOST, PORT, timeout=60)
    connection.request("GET", "/v1/studies")
    plans = json.loads(connection.getresponse().read())["studies"][-1]["plans"]
    connection.close()
    return plans[-1]["plan_id"]


def found_in(database: str, versions: dict[str, int]) -> dict[str, int]:
    """Look acknowledged edits up in the store; raise where versions have a gap or a seal is broken."""
    store = Store.open(database)
    try:
        plan = store.plans()[-1].plan_id
        store.verify(plan)  # every seal, every version
        keys = [edit.idempotency_key for edit in store.history(plan)]
        there = {edit.idempotency_key: edit.seq for edit in store.history(plan)}
    finally:
        store.close()
    lost = sum(there.get(key) != version for key, version in versions.items())
    return {"lost": lost, "doubled": len(keys) - len(set(keys))}


def killing(database: str, times: int) -> dict:
    """Kill the service amid edits, again and again; what had no answer is sent again."""
    rng = random.Random(0)
    versions: dict[str, int] = {}
    up_s: list[float] = []
    waiting: list[Sent] = []
    again = kept = 0
    for turn in range(times + 1):
        begun = time.monotonic()
        service = subprocess.Popen(
            [WANGGE, "serve", "--port", str(PORT), "--database", database],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            plan = _when_up()
            hands = [
                Planner(HOST, PORT, plan, f"planner-{i}", random.Random(f"{turn} {i}"))
                for i in range(KILLED_PLANNERS)
            ]
            hands[0].open()
            up_s.append(time.monotonic() - begun)  # a planner has the plan in the editor again
            for hand in hands[1:]:
                hand.open()
            for edit in waiting:
                again += 1
                hands[0].send(edit)
                kept += edit.version is not None
            if turn < times:
                stop = Event()
                threads = [Thread(target=_edit_until, args=(hand, stop)) for hand in hands]
                for thread in threads:
                    thread.start()
                time.sleep(rng.uniform(0.2, 1.0))
                service.kill()
                stop.set()
                for thread in threads:
                    thread.join()
        finally:
            service.kill()
            service.wait()
        waiting = [hand.unanswered for hand in hands if hand.unanswered is not None]
        for hand in hands:
            versions |= {edit.key: edit.version for edit in hand.sent if edit.version is not None}
    found = found_in(database, versions)
    note = f"{kept} of them were done already, or could be done"
    return {**found, "acknowledged": len(versions), "again": again, "note": note, "up_s": up_s[1:]}


def _edit_until(hand: Planner, stop: Event) -> None:
    with contextlib.suppress(OSError, http.client.HTTPException):
        while not stop.is_set():
            hand.stroke()


def _when_up() -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return youngest()
        time.sleep(0.02)
    raise RuntimeError("the service did not come up")


def main(arguments: Sequence[str]) -> None:
    os.nice(5)  # the load must not take the service's core
    print(json.dumps(crowd(float(arguments[0]))))


if __name__ == "__main__":
    main(sys.argv[1:])
