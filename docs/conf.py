"""Sphinx settings. Build with `make docs`; warnings are errors."""

import sys
from importlib.metadata import version as _version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

project = "wangge 网格"
author = "The wangge developers"
copyright = "2026, the wangge developers"
release = _version("wangge")
version = release

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "_generated"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

autodoc_typehints = "description"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True}
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = "wangge 网格"
html_static_path: list[str] = []


def setup(app: object) -> None:
    """Write the generated pages before anything is read."""
    from docs.generated import write_pages  # noqa: PLC0415 - the root is on the path only now

    write_pages()
