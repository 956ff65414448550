"""The report: one page for the office, ready to print, with no script and nothing to fetch."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from markupsafe import Markup

from gis.model.kinds import Language
from gis.model.outcome import Outcome
from maps import report_tables as tables
from maps.close_up import town_box
from maps.goal import goal_line
from maps.headline import Headline, headline_of
from maps.page_template import page_template
from maps.plots import load_plot, overview_plot, svg_of
from maps.report_tables import Table
from maps.strings import number, percent, say

__all__ = ["report_html", "write_report"]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, sentences under it, and a table or none."""

    title: str
    lines: tuple[str, ...]
    table: Table | None = None
    left_out: str = ""


def write_report(outcome: Outcome, path: Path, *, lang: Language | str = Language.ZH) -> None:
    """Write the report of a plan as one HTML file that prints on A4."""
    path.write_text(report_html(outcome, lang=lang), encoding="utf-8")


def report_html(outcome: Outcome, *, lang: Language | str = Language.ZH) -> str:
    """Return the report of a plan as a page."""
    language, settings = str(lang), outcome.study.settings
    head = headline_of(outcome)
    return page_template("report.html").render(
        lang=language,
        t=lambda code, **facts: say(code, language, **facts),
        name=settings.name,
        notice=settings.notice_zh if language == "zh" else settings.notice_en,
        credits=settings.credits,
        numbers=_numbers(head, language),
        summary=_summary(outcome, head, language),
        overview=Markup(svg_of(overview_plot(outcome, lang=language))),
        close_up=_close_up(outcome, language),
        loads=Markup(svg_of(load_plot(outcome, lang=language))),
        sections=_sections(outcome, language),
        version=_version(),
    )


def _close_up(outcome: Outcome, lang: str) -> Markup | None:
    """Return the town by itself where the whole plan shows it too small to read."""
    box = town_box(outcome)
    return None if box is None else Markup(svg_of(overview_plot(outcome, lang=lang, box=box)))


def _version() -> str:
    try:
        return version("wangge")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "–"


def _numbers(head: Headline, lang: str) -> list[tuple[str, str]]:
    walk = f"{number(head.walk_mean_m)} {say('unit.m', lang)}"
    return [
        (number(head.counts["grids"]), say("grids", lang)),
        (say("of", lang, part=number(head.in_band), whole=number(head.general)), say("in_band", lang)),
        (number(head.counts["households"]), say("households", lang)),
        (number(head.counts["residents"]), say("residents", lang)),
        (walk, say("walk_mean", lang)),
        (number(head.counts["workers"]), say("workers", lang)),
    ]


def _summary(outcome: Outcome, head: Headline, lang: str) -> list[str]:
    """Return the few sentences an official reads first."""
    unit = say(f"unit.{outcome.study.settings.grids.balance_on}", lang)
    names = {s.service_id: tables.service_name(s, lang) for s in outcome.study.settings.services}
    lines = [say("report.plan", lang, communities=number(head.counts["communities"]), grids=number(head.general))]
    if head.general:
        share = percent(head.in_band / head.general)
        lines.append(
            say("report.in_band", lang, inside=number(head.in_band), grids=number(head.general), share=share)
        )
    if head.most_loaded:
        most = head.most_loaded
        lines.append(
            say(
                "report.most",
                lang,
                grid=most.grid_id,
                load=number(most.load),
                unit=unit,
                maximum=number(most.maximum),
            )
        )
    if head.worst:
        gap = head.worst
        facts = {"count": number(gap.uncovered), "whole": number(gap.total), "grid": gap.worst_grid}
        service = names.get(gap.service, gap.service)
        lines.append(say("report.gap", lang, service=service, most=number(gap.worst_uncovered), **facts))
    counts = {k: number(head.counts[k]) for k in ("workers", "vacancies", "overloads")}
    lines.append(say("report.staff", lang, **counts))
    return lines


def _sections(outcome: Outcome, lang: str) -> list[Section]:
    by_borders = any(t.by_borders for t in outcome.report.territories)
    made = [
        _section(
            "communities", tables.communities_table(outcome, lang), lang, line=f"walks.{outcome.study.walk_basis}"
        ),
        _section("outside", tables.outside_table(outcome, lang), lang, empty="report.outside.none"),
        _section("exceptions", tables.exceptions_table(outcome, lang), lang, empty="report.exceptions.none"),
        _section(
            "territories",
            tables.territories_table(outcome, lang),
            lang,
            line="report.territories.line",
            more=goal_line(outcome, lang),
        ),
        _section(
            "counts",
            tables.counts_table(outcome, lang),
            lang,
            line="report.counts.borders" if by_borders else "report.counts.line",
            more="" if by_borders else _price_of_a_grid(outcome, lang),
        ),
        _section("micro_grids", tables.micro_grids_table(outcome, lang), lang, line="report.micro_grids.line"),
        _section("roles", tables.roles_table(outcome, lang), lang),
        _section("staff", tables.staff_gaps_table(outcome, lang), lang, empty="report.staff.none"),
        _section("coverage", tables.coverage_table(outcome, lang), lang, line="report.coverage.line"),
        _section("rates", tables.rates_table(outcome, lang), lang),
        _section("gaps", tables.gaps_table(outcome, lang), lang, empty="worst_gap.none"),
        _section(
            "sites", tables.sites_table(outcome, lang), lang, line="report.sites.line", empty="report.sites.none"
        ),
        _section("findings", tables.findings_table(outcome, lang), lang, empty="report.findings.none"),
        _section("scorecard", tables.scorecard_table(outcome, lang), lang),
        _section("method", tables.method_table(outcome, lang), lang, line="report.method.line"),
    ]
    return [s for s in made if s.table or s.lines]


def _price_of_a_grid(outcome: Outcome, lang: str) -> str:
    """Say what one more grid had to save, where the study says so."""
    price_hm = outcome.study.settings.grids.grid_price_hm
    return "" if price_hm is None else say("report.counts.price", lang, price=number(price_hm / 1000, digits=1))


def _section(code: str, table: Table, lang: str, *, line: str = "", more: str = "", empty: str = "") -> Section:
    """Return a section; without rows it says so in words, or is left out where there is nothing to say.

    `line` is the code of a sentence, `more` a sentence that is made already.
    """
    title = say(f"report.title.{code}", lang)
    if not table.rows:
        return Section(title, (say(empty, lang),) if empty else ())
    left = say("report.left_out", lang, count=number(table.left_out)) if table.left_out else ""
    return Section(title, tuple(text for text in (say(line, lang) if line else "", more) if text), table, left)
