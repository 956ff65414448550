"""A planner who edits over HTTP like the editor does: strokes of a unit, merged or left when somebody was first."""

from __future__ import annotations

import http.client
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from time import perf_counter
from uuid import uuid4


@dataclass
class Sent:
    """An edit that was sent: under which key, on which version, and with what answer (None: none came)."""

    key: str
    body: bytes
    base: int
    version: int | None = None
    ms: float = 0.0


@dataclass
class Planner:
    """One planner with an own connection and an own idea of the plan."""

    host: str
    port: int
    plan: str
    name: str
    rng: random.Random
    codes: Counter[int] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    sent: list[Sent] = field(default_factory=list)
    unanswered: Sent | None = None

    def open(self) -> None:
        """Load the plan like the page does."""
        self.connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        document = json.loads(self._ask("GET", f"/v1/plans/{self.plan}/editor")[1])
        self.version = document["version"]
        ids, grids = document["unit_ids"], [g["id"] for g in document["grids"]]
        self.grid_of = {u: grids[g] for u, g in zip(ids, document["grid_of"], strict=True)}
        self.community = dict(zip(ids, document["community"], strict=True))
        self.near: dict[str, list[str]] = {u: [] for u in ids}
        pairs = document["pairs"]
        for a, b in zip(pairs[::2], pairs[1::2], strict=True):
            if document["community"][a] == document["community"][b]:
                self.near[ids[a]].append(ids[b])
                self.near[ids[b]].append(ids[a])
        self.units = sorted(u for u in ids if self.near[u])

    def stroke(self) -> None:
        """Pull one unit over a border between two grids and have it saved."""
        while True:
            unit = self.rng.choice(self.units)
            other = self.rng.choice(self.near[unit])
            if self.grid_of[unit] != self.grid_of[other]:
                break
        body = {"moves": [{"unit_id": unit, "grid_id": self.grid_of[other]}], "author": self.name}
        before = self.grid_of[unit]
        while True:
            edit = Sent(uuid4().hex, json.dumps(body).encode(), self.version)
            code, _ = self.send(edit)
            if code != http.HTTPStatus.PRECONDITION_FAILED:
                return
            if self.grid_of[unit] != before:  # somebody else moved it: shown to the planner, who leaves it
                self.told["shown"] += 1
                return
            self.told["merged"] += 1

    def send(self, edit: Sent) -> tuple[int, dict]:
        """Send an edit; what it answers, or what it missed, is taken over."""
        headers = {"If-Match": f'"{edit.base}"', "Idempotency-Key": edit.key, "Content-Type": "application/json"}
        self.unanswered = edit
        began = perf_counter()
        code, text = self._ask("POST", f"/v1/plans/{self.plan}/edits", edit.body, headers)
        edit.ms = (perf_counter() - began) * 1000
        self.unanswered = None
        self.codes[code] += 1
        self.sent.append(edit)
        answer = json.loads(text)
        if code == http.HTTPStatus.OK:
            edit.version = answer["version"]
            self._take([answer])
        elif code == http.HTTPStatus.PRECONDITION_FAILED:
            self._take(answer["edits"])
            self.version = max(self.version, answer["version"])
        elif code == http.HTTPStatus.UNPROCESSABLE_ENTITY:
            self.told[answer["code"]] += 1
        else:
            raise RuntimeError(f"{code}: {text[:200]!r}")
        return code, answer

    def _take(self, answers: list[dict]) -> None:
        for answer in answers:
            if answer["version"] > self.version:
                self.grid_of |= {m["unit_id"]: m["new_grid_id"] for m in answer["moves"]}
                self.version = answer["version"]

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict | None = None
    ) -> tuple[int, bytes]:
        """Ask; over a new connection where the service has closed an idle one. An edit keeps its key."""
        for fresh in (False, True):
            try:
                if fresh:
                    self.connection.close()
                self.connection.request(method, path, body, headers or {})
                response = self.connection.getresponse()
                return response.status, response.read()
            except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
                if fresh:
                    raise
        raise AssertionError
