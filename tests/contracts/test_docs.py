"""The docs know every name of the face, every command, every setting, measure and error."""

import re
from pathlib import Path

import typer

import wangge
from api.cli import app
from gis.model import errors
from gis.model.standards import ServiceStandard

DOCS = Path(__file__).parents[2] / "docs"


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def test_every_name_of_the_face_stands_in_the_docs() -> None:
    text = page("how-to/use-python")
    assert [name for name in wangge.__all__ if f"`{name}`" not in text] == []


def test_the_face_has_no_name_that_is_not_there() -> None:
    assert [name for name in wangge.__all__ if not hasattr(wangge, name)] == []


def test_every_command_stands_in_the_docs() -> None:
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    told = set(re.findall(r"\| `wangge (\w+)", page("commands")))
    assert told == commands


def test_every_error_stands_in_the_tree_of_errors() -> None:
    tree = errors.__doc__ or ""
    assert [name for name in errors.__all__ if name not in tree] == []


def test_every_key_of_a_service_stands_in_the_study_file_page() -> None:
    text = page("study-file")
    keys = {"id" if f == "service_id" else f for f in ServiceStandard.__dataclass_fields__}
    assert [key for key in keys if f"`{key}`" not in text] == []
