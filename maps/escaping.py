"""The one way in which text from a study enters a page: as HTML, or as data inside a script."""

from __future__ import annotations

import json
import re

__all__ = ["escape", "script_json"]

# html.escape leaves what ends or opens something in a JavaScript template literal: ` $ { } and the
# backslash. As character references they read the same in HTML and mean nothing to a script.
_IN_TEXT = {ord(c): f"&#{ord(c)};" for c in "&<>\"'`$\\{}\u2028\u2029"}
# JSON may hold these characters inside its strings only, so their escapes are always valid JSON.
_IN_SCRIPT = {ord(c): f"\\u{ord(c):04x}" for c in "<>&`$\u2028\u2029"}
# folium renders what it is given as a Jinja template once more. Outside its strings JSON never has these pairs.
_TEMPLATE = re.compile(r"\{(?=[{%#])")


def escape(text: object) -> str:
    """Return `text` safe in HTML, in a quoted attribute, and in a JavaScript string or template literal."""
    return str(text).translate(_IN_TEXT)


def script_json(value: object) -> str:
    """Return `value` as JSON that may stand inside ``<script>``; raises ValueError for NaN and infinities."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(_IN_SCRIPT)
    return _TEMPLATE.sub(r"\\u007b", text)
