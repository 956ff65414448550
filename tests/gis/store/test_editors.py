"""Several editors at once: nothing is lost, nothing is done twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from gis.model.errors import StaleVersionError
from gis.store import Change, Store
from tests.maps.river_town import EAST, river_town


def allow(before, after):
    """A check that has nothing against anything."""


@pytest.fixture
def stores(tmp_path):
    """Four stores on one database, as four processes would open it."""
    url = f"sqlite:///{tmp_path / 'wangge.db'}"
    opened = [Store.open(url) for _ in range(4)]
    opened[0].save_outcome(river_town())
    yield opened
    for store in opened:
        store.close()


def test_four_editors_lose_nothing(stores):
    """Each moves units of its own to and fro, taking the new version whenever it came too late."""

    def edit(editor):
        store, unit, done = stores[editor], f"u3{editor}" if editor else "u40", []
        while len(done) < 10:
            version = store.plan_record("river-town-1").version
            to = f"{EAST}00{1 + (len(done) + 1) % 2}"
            key = f"{editor}-{len(done)}-{version}"
            try:
                done.append(
                    store.append_edit(
                        "river-town-1", version, "move", Change({unit: to}), author=str(editor), idempotency_key=key,
                        check=allow,
                    ).seq
                )  # fmt: skip
            except StaleVersionError:
                continue
        return done

    with ThreadPoolExecutor(4) as pool:
        accepted = sorted(seq for done in pool.map(edit, range(4)) for seq in done)
    assert accepted == list(range(2, 42))
    history = stores[0].history("river-town-1")
    assert [e.seq for e in history] == list(range(1, 42))
    stores[0].verify("river-town-1")
    plan = stores[1].load_plan("river-town-1")
    assert [plan.grid_of(u) for u in ("u40", "u31", "u32", "u33")] == [f"{EAST}001"] * 4
    assert stores[2].load_plan("river-town-1", version=1).digest == river_town().plan.digest


def test_one_request_sent_four_times_at_once_is_one_edit(stores):
    def send(store):
        return store.append_edit(
            "river-town-1", 1, "move", Change({"u33": f"{EAST}003"}), author="a", idempotency_key="once", check=allow
        )

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, stores))
    assert len({a.hash for a in answers}) == 1
    assert stores[0].plan_record("river-town-1").version == 2
