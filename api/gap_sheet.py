"""The gap table as a spreadsheet opens it: CSV in UTF-8 with a mark, nothing in it a formula."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote

from starlette.responses import Response

from api.coverage_tables import GAP_COLUMNS

__all__ = ["gap_sheet"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell beginning so would be computed when opened


def gap_sheet(answer: bytes, *, name: str) -> Response:
    """Write the answer of the gap route as a CSV download."""
    table = json.loads(answer)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*GAP_COLUMNS, "nearest_facility_id", "nearest_facility", "nearest_walk_m", "sites"])
    for row in table["areas"]:
        near = row["nearest_facility"] or {}
        sites = "; ".join(f"{s['facility_id']} {s['name']} +{s['newly_covered']}".strip() for s in row["sites"])
        cells = [row[c] for c in GAP_COLUMNS] + [near.get("facility_id"), near.get("name"), near.get("walk_m"), sites]
        writer.writerow([_harmless(cell) for cell in cells])
    return Response(
        "\ufeff" + out.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
