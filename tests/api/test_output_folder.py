"""An output folder appears whole or not at all."""

from pathlib import Path

import pytest

from api.output_folder import whole_folder
from gis.model.errors import FileRefusedError


def fill(folder: Path, text: str) -> None:
    (folder / "plan.gpkg").write_text(text)


def test_a_folder_is_there_when_the_work_ended_well(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "plan") as draft:
        fill(draft, "new")
        assert not (tmp_path / "plan").exists()
    assert (tmp_path / "plan" / "plan.gpkg").read_text() == "new"


def test_nothing_is_left_when_the_work_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "plan") as draft:
        fill(draft, "half")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_refused(tmp_path: Path) -> None:
    fill(tmp_path, "old")
    with pytest.raises(FileRefusedError, match="exists already"), whole_folder(tmp_path):
        pytest.fail("the block must not run")
    assert (tmp_path / "plan.gpkg").read_text() == "old"


def test_force_replaces_an_earlier_plan(tmp_path: Path) -> None:
    for text in ("old", "new"):
        with whole_folder(tmp_path / "plan", force=True) as draft:
            fill(draft, text)
    assert (tmp_path / "plan" / "plan.gpkg").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["plan"]


def test_force_keeps_the_earlier_plan_when_the_work_fails(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "plan") as draft:
        fill(draft, "old")
    with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "plan", force=True):
        raise ZeroDivisionError
    assert (tmp_path / "plan" / "plan.gpkg").read_text() == "old"


def test_force_never_replaces_a_folder_of_somebody_else(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to_mother.txt").write_text("dear")
    refused = pytest.raises(FileRefusedError, match="not written by this program")
    with refused, whole_folder(tmp_path / "letters", force=True):
        pytest.fail("the block must not run")
    assert (tmp_path / "letters" / "to_mother.txt").read_text() == "dear"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileRefusedError, match="cannot be written"), whole_folder(tmp_path / "file" / "plan"):
        pytest.fail("the block must not run")
