"""One service on river town, its walks and contacts filled in; read only, so made once."""

import time
from dataclasses import replace

import pandas as pd
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import ServiceSettings
from gis.store import Store
from tests.maps.river_town import river_town

CONTACTS = pd.DataFrame(
    {
        "worker_id": ["w1", "w2", "w4"],
        "display_name": ["网格长一", "网格长二", "网格长四"],
        "duty_phone": ["0000-0001", "0000-0002", "0000-0004"],
        "public": ["yes", "no", "yes"],
    }
)


def town():
    """River town with the walks that its candidate sites need: f3 reaches u40, f4 reaches u50 and u51."""
    outcome = river_town()
    walks = [("u40", "f3", 480.0), ("u50", "f4", 200.0), ("u51", "f4", 500.0), ("u52", "f4", 500.001)]
    reach = pd.DataFrame(walks, columns=["unit_id", "facility_id", "walk_m", "walk_basis"][:3]).assign(
        walk_basis="network"
    )
    return replace(outcome, study=replace(outcome.study, reach=reach))


@pytest.fixture(scope="session")
def database(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('service') / 'wangge.db'}"
    store = Store.open(url)
    store.save_outcome(town(), contacts=CONTACTS)
    store.close()
    return url


@pytest.fixture(scope="session")
def client(database):
    with TestClient(create_app(ServiceSettings(database=database)), base_url="http://127.0.0.1") as opened:
        until = time.monotonic() + 60
        while opened.get("/readyz").status_code != 200 and time.monotonic() < until:
            time.sleep(0.02)
        yield opened
