import json
from html import unescape

import pytest

from maps.escaping import escape, script_json

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "${alert(1)}",
    "`+alert(1)+`",
    "\\u0060${alert(1)}",
    "\" onmouseover='alert(1)'",
    "<!--<script>",
    "a\u2028b\u2029c",
    "]]>{{7*7}}{% raw %}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_holds_nothing_that_opens_or_ends_html_or_a_template_literal(text):
    assert not set(escape(text)) & set("<>\"'`$\\{}\u2028\u2029")


def test_escaped_text_reads_the_same_as_before():
    assert [unescape(escape(text)) for text in HOSTILE] == HOSTILE


@pytest.mark.parametrize("text", HOSTILE)
def test_data_in_a_script_cannot_end_the_script_and_reads_back_the_same(text):
    made = script_json({"name": text, text: 1})
    assert not set(made) & set("<>&`$\u2028\u2029")
    assert json.loads(made) == {"name": text, text: 1}


def test_data_in_a_script_is_no_template_for_the_library_that_renders_it():
    made = script_json({"a": {"b": "{{7*7}}{% raw %}{# x #}"}})
    assert not [pair for pair in ("{{", "{%", "{#") if pair in made]
    assert json.loads(made) == {"a": {"b": "{{7*7}}{% raw %}{# x #}"}}


def test_figures_that_json_does_not_know_are_refused():
    with pytest.raises(ValueError, match="JSON"):
        script_json({"walk_m": float("nan")})
