"""The commands of the contract, a file for each noun they work on."""

from __future__ import annotations

import typer

from api.commands import plan_file, service, study

__all__ = ["register_commands"]


def register_commands(app: typer.Typer) -> None:
    """Give `app` every command."""
    study.register(app)
    plan_file.register(app)
    service.register(app)
