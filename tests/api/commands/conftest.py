"""A small town on disk and its plan, made once for all tests of the commands."""

from pathlib import Path

import pytest

from api.cli import run
from tests.api.commands.town import write_town


@pytest.fixture(scope="session")
def study_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="session")
def plan_folder(study_file: Path) -> Path:
    out = study_file.parent / "plan"
    assert run(["plan", str(study_file), "--out", str(out), "--lang", "zh"]) == 0
    return out
