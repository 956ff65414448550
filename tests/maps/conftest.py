import pytest

from gis.model.outcome import Outcome
from tests.maps.river_town import river_town


@pytest.fixture(scope="session")
def town() -> Outcome:
    return river_town()
