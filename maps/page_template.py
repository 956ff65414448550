"""Templates of the pages people read and print; style sheets beside them are included by name."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

__all__ = ["page_template"]


@cache
def page_template(name: str) -> Template:
    """Return a template of the package by its file name; a name that nothing fills is an error."""
    environment = Environment(
        loader=FunctionLoader(_text), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(name)


def _text(name: str) -> str:
    return files("maps").joinpath("templates").joinpath(name).read_text(encoding="utf-8")
