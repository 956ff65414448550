"""Duty contacts, read by themselves: the one table that may name a person travels alone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from gis.files.input_tables import input_table
from gis.files.notebook import Notebook
from gis.files.study_file import InputPath
from gis.files.typed_table import read_table
from gis.model.errors import InputRefusedError

__all__ = ["read_contacts"]


def read_contacts(path: str | Path) -> pd.DataFrame:
    """Read and check a table of duty contacts.

    Returns
    -------
    DataFrame
        Index ``worker_id``; display_name, duty_phone, public.

    Raises
    ------
    InputRefusedError
        With all findings, when an error is among them.
    """
    book = Notebook()
    source = Path(path)
    table = read_table(InputPath(source, source.name), input_table("contacts"), {}, book)
    if table is None or book.findings().refused:
        raise InputRefusedError(book.findings())
    return table.frame.set_index("worker_id").sort_index()
