"""The examples, read once."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

EXAMPLES = ("ang_mo_kio", "kurayoshi", "xinghai")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(params=EXAMPLES)
def folder(request: pytest.FixtureRequest) -> Path:
    return ROOT / "examples" / request.param


@pytest.fixture
def study(folder: Path) -> dict:
    return tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))
