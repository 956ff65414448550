"""Commands that begin with a plan file: audit, gaps, publish. Each loads its work when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import Contacts, Force, Out, PlanFile, existing, terminal_of

__all__ = ["register"]

Earlier = Annotated[
    list[Path] | None,
    typer.Option("--earlier", metavar="PLAN.gpkg", help="以前公开过的方案，旧的在前。 Published earlier, in order."),
]

_GAP_COLUMNS = {
    "zh": (
        "区域", "名称", "层级", "口径", "总数", "已覆盖", "缺口", "覆盖率", "目标", "缺额", "最远步行",
        "最近设施",
    ),
    "en": (
        "area", "name", "level", "basis", "total", "covered", "uncovered", "rate", "target", "shortfall",
        "farthest walk (m)", "nearest facility",
    ),
}  # fmt: skip
_GAP_FIELDS = (
    "area_id", "name", "level", "basis", "total", "covered", "uncovered", "rate_share", "target_share", "shortfall",
    "farthest_walk_m", "nearest_facility_id",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(audit)
    app.command()(gaps)
    app.command()(publish)


def audit(context: typer.Context, plan: PlanFile) -> None:
    """只凭方案文件重新证明硬性规则。 Prove the hard rules again from the plan file alone."""
    from api.plan_file import audit_file  # noqa: PLC0415  (see the top)

    terminal = terminal_of(context)
    report = audit_file(existing(plan))
    breaches = [f.as_record() for f in report.breaches.ordered()]
    terminal.answer({"ok": not breaches, "grids": report.grids, "units": report.units, "breaches": breaches})
    if breaches:
        terminal.findings(report.breaches)
        terminal.say("cli-audit-broken", count=len(breaches))
        raise typer.Exit(1)
    terminal.say("cli-audit-sound", grids=report.grids, units=report.units)


def gaps(
    context: typer.Context,
    plan: PlanFile,
    service: Annotated[str, typer.Option("--service", metavar="ID", help="服务编号。 Service.")],
    level: Annotated[str, typer.Option("--level", help="grid | community | subdistrict | county")] = "community",
    basis: Annotated[str, typer.Option("--basis", help="residents | households | buildings")] = "residents",
) -> None:
    """覆盖缺口表。 The coverage gap table."""
    from api.plan_file import gaps_of_file  # noqa: PLC0415  (see the top)

    terminal = terminal_of(context)
    table = gaps_of_file(existing(plan), service=service, level=level, basis=basis)
    shown = table.reindex(columns=list(_GAP_FIELDS)).astype(object).where(lambda t: t.notna(), None)
    terminal.answer({"ok": True, "service": service, "level": level, "gaps": shown.to_dict("records")})
    terminal.table(_GAP_COLUMNS[terminal.lang], shown.to_numpy().tolist())


def publish(
    context: typer.Context,
    plan: PlanFile,
    out: Out,
    contacts: Contacts = None,
    earlier: Earlier = None,
    force: Force = False,
) -> None:
    """写出公开版：小数目不公开。 Write the public export; small counts are never shown."""
    from api.plan_file import publish_file  # noqa: PLC0415  (see the top)

    terminal = terminal_of(context)
    before = [existing(path) for path in earlier or ()]
    publish_file(existing(plan), out, contacts=contacts, earlier=before, force=force, lang=terminal.lang)
    terminal.say("cli-published", path=str(Path(out).resolve()))
    terminal.answer({"ok": True, "out": str(out)})
