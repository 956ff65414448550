"""The command line: `wangge COMMAND`. Exit codes and the last line of defence stand here.

Exit: 0 done, 1 audit broken, 2 input refused, 64 usage, 70 internal fault, 130 cancelled.
"""

from __future__ import annotations

import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, cast

import typer

from api.commands import register_commands
from api.commands.options import take_global_options
from api.terminal import Terminal
from gis.model.errors import AuditBrokenError, CancelledError, GisError, InputRefusedError
from optimize.parallel import collect_rarely

__all__ = ["app", "main"]

EXIT_AUDIT_BROKEN = 1
EXIT_REFUSED = 2
EXIT_USAGE = 64
EXIT_FAULT = 70
EXIT_CANCELLED = 130

# typer carries its own click; the class above BadParameter is its usage error
_UsageError = cast("type[Exception]", typer.BadParameter.__bases__[0])

app = typer.Typer(
    name="wangge",
    help="网格：划分、配员、服务。 Draw, staff and serve the grids that communities are governed by.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
register_commands(app)


@app.callback()
def _main(
    lang: Annotated[str, typer.Option("--lang", envvar="WANGGE_LANG", metavar="zh|en", help="语言。 Language.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象。 Print one JSON object.")] = False,
) -> None:
    """网格：划分、配员、服务。 Draw, staff and serve the grids that communities are governed by.

    --lang 和 --json 可放在任何位置。 Both may stand anywhere.
    """


def main(argv: list[str] | None = None) -> None:
    """Run the command line and leave with the exit code of the contract."""
    words = sys.argv[1:] if argv is None else argv
    collect_rarely()
    sys.exit(run(words))


def run(words: list[str]) -> int:
    """Run one command and return its exit code; no traceback ever reaches the person."""
    terminal = Terminal()
    try:
        rest, terminal = take_global_options(words)
        code = app(args=rest, prog_name="wangge", standalone_mode=False, obj=terminal)
        if code == EXIT_CANCELLED:  # what typer makes of Ctrl+C, without a word
            _tell(terminal, CancelledError("cancelled-early"))
        return code if isinstance(code, int) else 0
    except typer.Exit as leave:
        return int(leave.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        _tell(terminal, CancelledError("cancelled-early"))
        return EXIT_CANCELLED
    except _UsageError as error:
        cast("typer.BadParameter", error).show()
        return EXIT_USAGE
    except GisError as error:
        _tell(terminal, error)
        return _code_of(error)
    except Exception as error:  # the last line of defence: a log instead of a traceback
        log = _write_log(error)
        _tell(terminal, GisError("internal-fault", kind=type(error).__name__, log=str(log)))
        return EXIT_FAULT


def _code_of(error: GisError) -> int:
    if isinstance(error, AuditBrokenError):
        return EXIT_AUDIT_BROKEN
    if isinstance(error, CancelledError):
        return EXIT_CANCELLED
    return EXIT_REFUSED


def _tell(terminal: Terminal, error: GisError) -> None:
    """Tell the error once: findings as a table, everything else as two sentences."""
    if isinstance(error, InputRefusedError):
        terminal.findings(error.findings)
    terminal.complain(error.what(terminal.lang), error.mend(terminal.lang))
    record: dict[str, object] = {
        "ok": False,
        "code": error.code,
        "facts": error.facts,
        "message_zh": error.what("zh"),
        "message_en": error.what("en"),
        "mend_zh": error.mend("zh"),
        "mend_en": error.mend("en"),
    }
    if isinstance(error, InputRefusedError):
        record["findings"] = [f.as_record() for f in error.findings.ordered()]
    terminal.answer(record)


def _write_log(error: Exception) -> Path:
    """Write the traceback, without values of variables, to a log file and return its path."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    path = Path(tempfile.gettempdir()) / f"wangge-fault-{stamp}.log"
    path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return path
