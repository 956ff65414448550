"""Commands of the service: load, serve."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import Contacts, existing, terminal_of
from api.settings import ServiceSettings

__all__ = ["register"]

Database = Annotated[str | None, typer.Option("--database", metavar="URL", help="数据库地址。 Database URL.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(load)
    app.command()(serve)


def load(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="STUDY.toml|DIR", help="研究文件或输出文件夹。 Study or folder.")],
    contacts: Contacts = None,
    database: Database = None,
) -> None:
    """把研究和方案载入服务的数据库。 Put a study and its plan into the service's database."""
    from api.loading import load_into_store  # noqa: PLC0415  (the other commands start sooner without the database)

    terminal = terminal_of(context)
    settings = ServiceSettings.of(database=database)
    file = source / "plan.gpkg" if source.is_dir() else source
    stored = load_into_store(existing(file), settings.database, contacts=contacts)
    terminal.say("cli-loaded", study=stored.study_id, plan=stored.plan_id, version=stored.version)
    terminal.answer({"ok": True, "study": stored.study_id, "plan": stored.plan_id, "version": stored.version})


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="只允许本机回环地址。 Loopback only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8080,
    database: Database = None,
) -> None:
    """启动本机服务：接口、地图页、缺口页。 API and map pages, on this machine only."""
    import uvicorn  # noqa: PLC0415  (the other commands start sooner without the service)

    from api.app import create_app  # noqa: PLC0415

    terminal = terminal_of(context)
    settings = ServiceSettings.of(host=host, port=port, database=database)
    application = create_app(settings)
    terminal.say("cli-serving", url=f"http://{settings.host}:{settings.port}/")
    uvicorn.run(application, host=settings.host, port=settings.port, log_level="warning", access_log=False)
