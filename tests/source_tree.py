"""What the source says of itself: its modules, and which imports what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.conftest import ROOT

PACKAGE = ROOT / "src" / "blackball"


class Import(NamedTuple):
    """One import: of a module or a name in one, and whether only type checkers follow it."""

    target: str
    for_types: bool


def modules() -> dict[str, Path]:
    """Return every module of the package by its dotted name; a package is named as its folder."""
    return {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def tops() -> tuple[set[str], set[str]]:
    """Return the names of package folders and of top-level modules."""
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    return folders, {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}


def imports(tree: ast.AST, for_types: bool = False) -> Iterator[Import]:
    """Yield every import of a module, those inside functions too."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, for_types) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (Import(f"{node.module}.{alias.name}", for_types) for alias in node.names)
        else:
            guarded = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            yield from imports(node, for_types or guarded)


def imports_of(path: Path) -> list[Import]:
    return list(imports(ast.parse(path.read_text(encoding="utf-8"))))


def module_in(target: str, known: dict[str, Path]) -> str | None:
    """Return the module that holds an imported name."""
    return target if target in known else next((m for m in [target.rpartition(".")[0]] if m in known), None)
