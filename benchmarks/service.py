"""The service on the Singapore plan: `locate` and `coverage/gaps` at a steady rate from a second process.

The load is open: a request is due every 10 ms whether or not the last one was answered, and its time
counts from when it was due. Loopback only.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import shapely

from benchmarks.child import cost_of
from benchmarks.figures import Figure, write_section

ROOT = Path(__file__).parents[1]
HOST, PORT = "127.0.0.1", 18080
RATE_PER_S, SECONDS, CONNECTIONS, RUNS = 100, 30, 16, 3
LEVELS, BASES = ("grid", "community", "subdistrict"), ("residents", "households")
WANGGE = str(Path(sys.executable).parent / "wangge")


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/wangge.db"
        study = ROOT / "benchmarks" / "singapore" / "study.toml"
        cost_of([WANGGE, "plan", str(study), "--out", f"{folder}/plan", "--processes", "2"])
        cost_of([WANGGE, "load", f"{folder}/plan", "--database", database])
        with serving(database):
            warm_up()
            runs = [load() for _ in range(RUNS)]
    write_section(
        f"Service: Singapore plan, {RATE_PER_S} requests/s on loopback for {SECONDS} s, load from a second process",
        "python -m benchmarks service",
        [
            Figure(f"{name}, {end}", "< 25 ms" if end == "p99" else "–", [r[name][end] for r in runs], "ms")
            for name in ("locate", "gaps")
            for end in ("p50", "p99", "max")
        ],
    )


@contextlib.contextmanager
def serving(database: str) -> Iterator[None]:
    """Run the service in a process of its own until the block ends."""
    command = [WANGGE, "serve", "--port", str(PORT), "--database", database]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as service:
        try:
            _wait_until_ready(service)
            yield
        finally:
            service.terminate()


def _wait_until_ready(service: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and service.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError), _open("/readyz") as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("the service did not become ready")


def _open(path: str):
    return urllib.request.urlopen(f"http://{HOST}:{PORT}{path}", timeout=120)


def warm_up() -> None:
    """Ask for every gap table once: the service makes them at the first request, or when it has time."""
    with _open("/v1/studies") as answer:
        study = json.load(answer)["studies"][-1]
    plan = study["plans"][-1]["plan_id"]
    with _open(f"/v1/studies/{study['study_id']}") as answer:
        services = [s["service_id"] for s in json.load(answer)["services"]]
    for service, level, basis in itertools.product(services, LEVELS, BASES):
        _open(f"/v1/coverage/gaps?plan={plan}&service={service}&level={level}&basis={basis}").close()


def load() -> dict[str, dict[str, float]]:
    """Put the load on the running service from a second process; return milliseconds by route."""
    child = subprocess.run([sys.executable, "-m", "benchmarks.service"], cwd=ROOT, capture_output=True, check=True)
    return json.loads(child.stdout)


def targets(rng: random.Random) -> list[tuple[str, str]]:
    """Draw places of units and gap questions of the youngest plan, half and half."""
    with _open("/v1/studies") as answer:
        study = json.load(answer)["studies"][-1]
    plan = study["plans"][-1]["plan_id"]
    with _open(f"/v1/plans/{plan}/units") as answer:
        units = shapely.from_geojson([json.dumps(f["geometry"]) for f in json.load(answer)["features"]])
        places = shapely.get_coordinates(shapely.point_on_surface(units)).tolist()
    with _open(f"/v1/studies/{study['study_id']}") as answer:
        services = [s["service_id"] for s in json.load(answer)["services"]]
    with _open(f"/v1/plans/{plan}/grids") as answer:
        communities = sorted({f["properties"]["community_id"] for f in json.load(answer)["features"]})
    drawn = []
    for i in range(RATE_PER_S * SECONDS):
        if i % 2:
            lon, lat = rng.choice(places)
            drawn.append(("locate", f"/v1/locate?lon={lon}&lat={lat}&plan={plan}"))
        else:
            level, basis = rng.choice(LEVELS), rng.choice(BASES)
            area = "" if level == "subdistrict" else rng.choice(["", f"&area={rng.choice(communities)}"])
            query = f"plan={plan}&service={rng.choice(services)}&level={level}&basis={basis}{area}"
            drawn.append(("gaps", f"/v1/coverage/gaps?{query}&min_uncovered={rng.choice([0, 1, 100])}"))
    return drawn


async def send(requests: list[tuple[str, str]]) -> dict[str, list[float]]:
    """Send every request when it is due, over connections that stay open."""
    waits: dict[str, list[float]] = {"locate": [], "gaps": []}
    feed = iter(enumerate(requests))
    start = time.perf_counter() + 0.5

    async def connection() -> None:
        reader, writer = await asyncio.open_connection(HOST, PORT)
        for i, (name, path) in feed:
            due = start + i / RATE_PER_S
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            await writer.drain()
            await _read(reader)
            waits[name].append((time.perf_counter() - due) * 1000)
        writer.close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return waits


async def _read(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    if not head.startswith("http/1.1 200"):
        raise RuntimeError(head.splitlines()[0])
    length = next(line for line in head.splitlines() if line.startswith("content-length:"))
    await reader.readexactly(int(length.partition(":")[2]))


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


if __name__ == "__main__":
    os.nice(5)  # the load must not take the service's core
    found = asyncio.run(send(targets(random.Random(0))))
    shown = {
        name: {"p50": percentile(ms, 0.5), "p99": percentile(ms, 0.99), "max": max(ms), "requests": len(ms)}
        for name, ms in found.items()
    }
    print(json.dumps(shown))
