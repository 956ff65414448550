"""Put a study and its plan into the service's database."""

from __future__ import annotations

from pathlib import Path

from api.workflow import Stages, make_outcome, read_study
from gis.files import read_contacts, read_plan
from gis.store import PlanRecord, Store

__all__ = ["load_into_store"]


def load_into_store(
    source: Path, database: str, *, contacts: Path | None = None, stages: Stages | None = None
) -> PlanRecord:
    """Put a study and its plan into the database; a study file is planned first.

    Duty contacts come from the study's own table or from `contacts`, never from a plan file.
    """
    duty = read_contacts(contacts) if contacts is not None else None
    if source.suffix == ".toml":
        inputs, study = read_study(source, stages=stages)
        outcome = make_outcome(study, stages=stages)
        duty = inputs.contacts if duty is None else duty
    else:
        outcome = read_plan(source)
    store = Store.open(database)
    try:
        return store.plan_record(store.save_outcome(outcome, contacts=duty))
    finally:
        store.close()
