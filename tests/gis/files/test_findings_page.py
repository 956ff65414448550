import importlib.util
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_of_findings_is_current():
    spec = importlib.util.spec_from_file_location("findings_page", DOCS / "findings_page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (DOCS / "findings.md").read_text(encoding="utf-8") == module.page(), "run python docs/findings_page.py"


def test_every_code_has_a_section_with_a_meaning_and_a_mend():
    text = (DOCS / "findings.md").read_text(encoding="utf-8")
    for section in text.split("\n### ")[1:]:
        assert "- Occurs in: " in section
