"""Tiny towns that every room may use; see ``towns.py`` for their numbers."""

from __future__ import annotations

import pytest

from gis.model.study import StudyArea
from gis.space import build_study
from tests.towns import lattice4x4_inputs, river_town_inputs, strip6_inputs


@pytest.fixture(scope="session")
def strip6() -> StudyArea:
    """Six units of 100 m x 100 m and 100 households in a row, u0 to u5."""
    return build_study(strip6_inputs())


@pytest.fixture(scope="session")
def lattice4x4() -> StudyArea:
    """Sixteen units of 100 m x 100 m and 50 households, u00 (south-west) to u33."""
    return build_study(lattice4x4_inputs())


@pytest.fixture(scope="session")
def river_town() -> StudyArea:
    """Eight units of 50 households on each bank, s.. and n..; one bridge joins s11 and n10."""
    return build_study(river_town_inputs())
