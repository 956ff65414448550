"""Write findings.md from the catalogue: every code with its meaning and the way to mend it.

python docs/findings_page.py          # writes docs/findings.md
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

PAGE = Path(__file__).parent / "findings.md"
CATALOGUE = files("gis.model").joinpath("catalogue", "findings.toml")
SEVERITIES = {
    "error": ("Errors", "错误：拒绝输入，不写任何文件。 They refuse the input; nothing is written."),
    "warning": ("Warnings", "警告：可以继续，请逐条核对。 The work goes on; look at each."),
    "note": ("Notes", "提示：说明做了什么。 They say what was done."),
}
HEAD = """# Findings 问题清单

`wangge check STUDY.toml` tells everything that is wrong with the input at once: severity, file, row as the
spreadsheet counts it (or the feature), column, what, why, and how to mend it; `--report findings.xlsx` writes
the same as a workbook, in Chinese or English. The words in braces are filled with the facts of the finding.
A finding never shows what stands in a column about persons; counts are used here, never persons.

This page is written from the message catalogue by `docs/findings_page.py`, and a test holds it current.
"""


def page() -> str:
    """Return the page."""
    entries = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    parts = [HEAD]
    for severity, (title, meaning) in SEVERITIES.items():
        parts.append(f"## {title}\n\n{meaning}\n")
        own = {code: entry for code, entry in entries.items() if entry["severity"] == severity}
        parts += [_section(code, own[code]) for code in sorted(own)]
    return "\n".join(parts)


def _section(code: str, entry: dict[str, object]) -> str:
    lines = [f"### `{code}`", "", f"{entry['zh']}  ", f"{entry['en']}", ""]
    for key, zh, en in (("why", "原因", "Why"), ("mend", "怎样改", "Mend")):
        if entry.get(f"{key}_en"):
            lines += [f"- {zh}：{entry[f'{key}_zh']}", f"- {en}: {entry[f'{key}_en']}"]
    formats = ["study.toml" if f == "study" else str(f) for f in entry["formats"]]  # type: ignore[attr-defined]
    lines += [f"- Occurs in: {', '.join(formats)}", ""]
    return "\n".join(lines).replace("{{", "{").replace("}}", "}")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
