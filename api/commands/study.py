"""Commands that begin with a study: demo, init, check, plan, redraw, alternatives, communities.

Each loads the work it begins when it runs: reading, engine and maps take seconds that the others need not wait for.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.options import Force, Out, StudyFile, existing, terminal_of
from api.terminal import Terminal
from gis.model.errors import CancelledError, InputRefusedError
from gis.model.kinds import Severity, StoppedBy, WalkBasis
from gis.model.progress import Cancelled

if TYPE_CHECKING:
    from api.workflow import Effort
    from gis.model.outcome import Outcome

__all__ = ["register"]

ALTERNATIVES_WEIGHTS = {
    "stage-read": 2.0,
    "stage-space": 2.0,
    "stage-draw": 30.0,
    "stage-measure": 3.0,
    "stage-write": 2.0,
}
COMMUNITIES_WEIGHTS = {
    "stage-read": 2.0,
    "stage-space": 2.0,
    "stage-communities": 8.0,
    "stage-write": 1.0,
}
DONE = {WalkBasis.STRAIGHT: "cli-done-straight", WalkBasis.NETWORK: "cli-done-network"}
Seed = Annotated[int | None, typer.Option("--seed", help="随机种子（默认取研究文件）。 Seed, else the study's.")]
Seconds = Annotated[float | None, typer.Option("--seconds", min=1, help="最多用时（秒）。 Truncate after S seconds.")]
Witness = Annotated[
    bool, typer.Option("--witness", help="写出可独立核对的下界证明。 Write what shows the bounds, to be checked.")
]
Processes = Annotated[int, typer.Option("--processes", min=1, help="并行进程数。 Number of processes.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(demo)
    app.command()(init)
    app.command()(check)
    app.command()(plan)
    app.command()(redraw)
    app.command()(alternatives)
    app.command()(communities)


def demo(context: typer.Context, out: Out = Path("demo"), force: Force = False, processes: Processes = 2) -> None:
    """用随包的真实城区跑一遍主流程。 Run the main job on the real town that travels with the program."""
    from api.workflow import Effort  # noqa: PLC0415  (see the top)

    with as_file(files("wangge").joinpath("example")) as packaged:
        bundled = packaged if packaged.is_dir() else Path(__file__).parents[2] / "examples" / "ang_mo_kio"
        _run(terminal_of(context), bundled / "study.toml", out, Effort(processes=processes), force=force)


def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="放数据文件的文件夹。 Folder with the files.")],
) -> None:
    """看文件夹里有什么，写出 study.toml 与缺少表格的模板。 Look at a folder, write study.toml and templates."""
    from gis.files import draft_study  # noqa: PLC0415  (see the top)

    terminal = terminal_of(context)
    written = draft_study(folder, ask=None if terminal.as_json else _ask)
    terminal.say("cli-init-written", path=str(written))
    terminal.answer({"ok": True, "study": str(written)})


def _ask(question: str, choices: tuple[str, ...]) -> str:
    """Ask the person to choose; the first choice is the default."""
    return str(typer.prompt(f"{question} ({' / '.join(choices)})", default=choices[0] if choices else ""))


def check(
    context: typer.Context,
    study: StudyFile,
    report: Annotated[Path | None, typer.Option("--report", metavar="FILE.xlsx", help="问题清单。 Findings.")] = None,
) -> None:
    """只读取和检查，列出所有问题。 Read and validate only; all findings."""
    from gis.files import check_inputs, write_findings  # noqa: PLC0415  (see the top)

    terminal = terminal_of(context)
    findings = check_inputs(existing(study))
    if report is not None:
        write_findings(findings, report, lang=terminal.lang)
        terminal.say("cli-report-written", path=str(report))
    if findings.refused:
        raise InputRefusedError(findings)
    counts = {f"{s}s": len(findings.of(s)) for s in Severity}
    terminal.findings(findings)
    terminal.say("cli-check-clean", **counts)
    terminal.answer({"ok": True, **counts, "findings": [f.as_record() for f in findings.ordered()]})


def plan(
    context: typer.Context,
    study: StudyFile,
    out: Out,
    seed: Seed = None,
    seconds: Seconds = None,
    processes: Processes = 1,
    force: Force = False,
    witness: Witness = False,
) -> None:
    """主流程：读数据、划网格、配人员、选设施、出成果。 The whole main job, from files to maps."""
    from api.workflow import Effort  # noqa: PLC0415  (see the top)

    effort = Effort(rng_seed=seed, seconds=seconds, processes=processes, witness=witness)
    _run(terminal_of(context), existing(study), out, effort, force=force)


def redraw(
    context: typer.Context,
    study: StudyFile,
    base: Annotated[Path, typer.Option("--base", metavar="DIR/plan.gpkg", help="现状方案。 The present plan.")],
    out: Out,
    seed: Seed = None,
    seconds: Seconds = None,
    processes: Processes = 1,
    witness: Witness = False,
    force: Force = False,
) -> None:
    """在现状方案上重划，尽量少动住户，写出变化表。 Redraw a present plan, moving few households; writes the diff."""
    from api.redraw import redraw_plan  # noqa: PLC0415  (see the top)
    from api.workflow import STAGE_WEIGHTS, Effort  # noqa: PLC0415

    terminal = terminal_of(context)
    effort = Effort(rng_seed=seed, seconds=seconds, processes=processes, witness=witness)
    with _stop_on_interrupt() as cancelled, terminal.progress(STAGE_WEIGHTS) as stages:
        outcome, redrawn = redraw_plan(
            existing(study),
            existing(base),
            out,
            effort=effort,
            force=force,
            lang=terminal.lang,
            stages=stages,
            cancelled=cancelled,
        )
    fates = redrawn.changes["fate"].value_counts().sort_index()
    words = ", ".join(f"{fate} {count}" for fate, count in fates.items())
    terminal.say("cli-redrawn", households=redrawn.households_moved, fates=words)
    bound = redrawn.moved_bound
    if bound is not None:
        terminal.say("cli-moved-fewest" if redrawn.moved_gap == 0 else "cli-moved-bound", bound=bound)
    moved = {"households_moved": redrawn.households_moved, "households_moved_bound": bound}
    _tell(terminal, outcome, out, **moved, fates=fates.to_dict())
    if outcome.report.stopped_by is StoppedBy.CANCELLED:
        raise CancelledError("cancelled")


def alternatives(
    context: typer.Context,
    study: StudyFile,
    out: Out,
    number: Annotated[int, typer.Option("--number", min=2, max=4, help="方案个数。 Number of plans.")] = 3,
    seed: Seed = None,
    seconds: Seconds = None,
    processes: Processes = 1,
    force: Force = False,
) -> None:
    """侧重不同的几个方案，与现状并列比较。 Plans that favour different things, beside the present one."""
    from api.alternatives import plan_alternatives  # noqa: PLC0415  (see the top)
    from api.workflow import Effort  # noqa: PLC0415
    from maps.strings import say  # noqa: PLC0415  (as above)

    terminal = terminal_of(context)
    effort = Effort(rng_seed=seed, seconds=seconds, processes=processes)
    with _stop_on_interrupt() as cancelled, terminal.progress(ALTERNATIVES_WEIGHTS) as stages:
        plans = plan_alternatives(
            existing(study),
            out,
            number=number,
            effort=effort,
            force=force,
            lang=terminal.lang,
            stages=stages,
            cancelled=cancelled,
        )
    page = out / "alternatives.html"
    names = say("list", terminal.lang).join(say(f"alternative.{name}", terminal.lang) for name in plans)
    terminal.say("cli-alternatives", plans=names, path=str(page.resolve()))
    terminal.answer(
        {
            "ok": True,
            "out": str(out),
            "page": str(page),
            "plans": {
                name: {
                    "plan_digest": outcome.plan.digest,
                    "scorecard": {s.measure: s.value for s in outcome.scorecard},
                }
                for name, outcome in plans.items()
            },
        }
    )
    if any(outcome.report.stopped_by is StoppedBy.CANCELLED for outcome in plans.values()):
        raise CancelledError("cancelled")


def communities(
    context: typer.Context,
    study: StudyFile,
    out: Out,
    seed: Seed = None,
    processes: Processes = 1,
    force: Force = False,
) -> None:
    """按户数区间合并、拆分社区，写出新旧对照。 Merge and split communities into a size band; old beside new."""
    from api.communities import plan_communities  # noqa: PLC0415  (see the top)
    from api.workflow import Effort  # noqa: PLC0415

    terminal = terminal_of(context)
    with _stop_on_interrupt() as cancelled, terminal.progress(COMMUNITIES_WEIGHTS) as stages:
        redrawn, table = plan_communities(
            existing(study),
            out,
            effort=Effort(rng_seed=seed, processes=processes),
            force=force,
            lang=terminal.lang,
            stages=stages,
            cancelled=cancelled,
        )
    sized = table["in_band"].dropna().astype(bool)
    fates = redrawn.changes["fate"].value_counts().sort_index().to_dict()
    page = out / "communities.html"
    terminal.say("cli-communities", count=len(table), in_band=int(sized.sum()), sized=len(sized))
    terminal.say("cli-open-map", path=str(page.resolve()))
    terminal.answer(
        {
            "ok": True,
            "out": str(out),
            "page": str(page),
            "communities": len(table),
            "communities_in_band": int(sized.sum()),
            "fates": fates,
            "plan_digest": redrawn.drawn.plan.digest,
            "stopped_by": str(redrawn.drawn.report.stopped_by),
        }
    )
    if redrawn.drawn.report.stopped_by is StoppedBy.CANCELLED:
        raise CancelledError("cancelled")


def _run(terminal: Terminal, study: Path, out: Path, effort: Effort, *, force: bool) -> None:
    """Run the main job under a progress bar; Ctrl+C keeps the best plan so far."""
    from api.workflow import STAGE_WEIGHTS, run_plan  # noqa: PLC0415  (see the top)

    with _stop_on_interrupt() as cancelled, terminal.progress(STAGE_WEIGHTS) as stages:
        outcome = run_plan(
            study, out, effort=effort, force=force, lang=terminal.lang, stages=stages, cancelled=cancelled
        )
    _tell(terminal, outcome, out)
    if outcome.report.stopped_by is StoppedBy.CANCELLED:
        raise CancelledError("cancelled")


@contextmanager
def _stop_on_interrupt() -> Iterator[Cancelled]:
    """Turn the first Ctrl+C into a polite stop; the second ends the program."""
    asked = threading.Event()

    def ask(*_: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _tell(terminal: Terminal, outcome: Outcome, out: Path, **more: object) -> None:
    """Tell what was reached and where the map is."""
    grids = outcome.grids
    scores = {s.measure: s.value for s in outcome.scorecard}
    in_band = int(grids["in_band"].fillna(False).sum())
    warnings = [f for f in outcome.study.findings.ordered() if f.severity is not Severity.NOTE]
    if warnings and not terminal.as_json:
        terminal.findings(type(outcome.study.findings)(tuple(warnings)))
    terminal.say(
        DONE[outcome.study.walk_basis],
        units=len(outcome.plan),
        grids=len(grids),
        general=int(scores.get("general_grids") or 0),
        in_band=in_band,
        walk_m=scores.get("walk_mean_m") or 0.0,
    )
    terminal.say("cli-open-map", path=str((out / "map.html").resolve()))
    terminal.answer(
        {
            "ok": True,
            "out": str(out),
            "map": str(out / "map.html"),
            "plan_digest": outcome.plan.digest,
            "units": len(outcome.plan),
            "grids": len(grids),
            "grids_in_band": in_band,
            "stopped_by": str(outcome.report.stopped_by),
            "scorecard": scores,
            **more,
        }
    )
