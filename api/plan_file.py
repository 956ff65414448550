"""What is done with a plan that is already made: audit it, ask it, publish it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from api.output_folder import refuse_existing, whole_folder
from gis.files import (
    outcome_of_layers,
    public_tables,
    read_certificate,
    read_contacts,
    read_layers,
    read_plan,
    write_public,
)
from gis.measures import AuditReport, audit_plan, gap_table
from gis.space import neighbours
from maps.public_map import write_public_map

__all__ = ["audit_file", "gaps_of_file", "publish_file"]

CERTIFICATE = "certificate.json"


def audit_file(path: Path) -> AuditReport:
    """Prove the hard rules again from a plan file, and from the certificate where one lies beside it."""
    beside = path.with_name(CERTIFICATE)
    layers = read_layers(path)
    return audit_plan(
        layers,
        neighbours,
        reread=lambda: outcome_of_layers(layers),
        certificate=read_certificate(beside) if beside.is_file() else None,
    )


def gaps_of_file(path: Path, *, service: str, level: str, basis: str) -> pd.DataFrame:
    """Return the coverage gap table of a plan file."""
    return gap_table(read_plan(path), service=service, level=level, basis=basis)


def publish_file(
    path: Path,
    out: Path,
    *,
    contacts: Path | None = None,
    earlier: Sequence[Path] = (),
    force: bool = False,
    lang: str = "zh",
) -> None:
    """Write the public version of a plan file; the folder appears whole or not at all.

    Duty contacts are in no plan file: those marked public come from the table `contacts`, where one is given.
    `earlier` are the plan files published before, oldest first: a difference between two public versions
    must not tell what either withholds.
    """
    refuse_existing(out, force=force)
    duty = read_contacts(contacts) if contacts is not None else None
    outcome = read_plan(path)
    layers = public_tables(outcome, contacts=duty, earlier=[read_plan(before) for before in earlier])
    with whole_folder(out, force=force) as folder:
        write_public(layers, folder / "public.gpkg")
        write_public_map(layers, folder / "public.html", lang=lang, services=outcome.study.settings.services)
