"""What `wangge plan --witness` writes, read back from the file and checked by the independent checker."""

import gzip
import json
from pathlib import Path

from api.cli import run
from gis.files import read_certificate
from tests.optimize.partition.witness_checker import check


def test_the_witness_of_a_plan_proves_its_certificate(study_file: Path, plan_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    assert run(["plan", str(study_file), "--out", str(out), "--witness"]) == 0
    lines = gzip.decompress((out / "witness.jsonl.gz").read_bytes()).decode("utf-8").splitlines()
    told = {t["territory_id"]: t for t in read_certificate(out / "certificate.json")["territories"]}
    assert len(lines) == len(told) > 0
    for line in lines:
        record = json.loads(line)
        _, bound = check(record)
        claim = told[record["territory_id"]]
        assert claim["grids"] == record["grids"]
        assert claim["bound"] <= bound * (1 + 1e-6)
    assert (
        read_certificate(plan_folder / "certificate.json")["plan_digest"]
        == read_certificate(out / "certificate.json")["plan_digest"]
    )


def test_a_redraw_writes_what_shows_its_bounds(study_file: Path, plan_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "redrawn"
    base = str(plan_folder / "plan.gpkg")
    assert run(["redraw", str(study_file), "--base", base, "--out", str(out), "--witness"]) == 0
    lines = gzip.decompress((out / "witness.jsonl.gz").read_bytes()).decode("utf-8").splitlines()
    assert lines
    for line in lines:
        check(json.loads(line))


def test_no_witness_is_written_unless_asked_for(plan_folder: Path) -> None:
    assert not (plan_folder / "witness.jsonl.gz").exists()
