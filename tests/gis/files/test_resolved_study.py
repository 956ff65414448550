"""The resolved study file says every setting as it was used, and can be read as a study file."""

import tomllib
from dataclasses import replace
from pathlib import Path

from gis.files import read_inputs, write_resolved_study
from gis.files.notebook import Notebook
from gis.files.study_settings import resolve_settings

AMK = Path(__file__).parents[3] / "examples" / "ang_mo_kio" / "study.toml"


def test_the_resolved_settings_are_those_that_were_used(tmp_path: Path) -> None:
    inputs = read_inputs(AMK)
    written = tomllib.loads(write_resolved_study(inputs, tmp_path / "study.toml").read_text(encoding="utf-8"))
    again = resolve_settings(written, Notebook())
    assert replace(again, targets=inputs.settings.targets) == inputs.settings  # targets are a table of their own
    assert written["study"]["crs"] == inputs.crs
    assert written["digests"] == dict(inputs.digests)
    assert written["profiles"]["urban"]["households_target"] == 400
