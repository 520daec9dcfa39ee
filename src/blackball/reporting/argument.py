"""What a model file says of itself: its question and argument, and the mechanisms that it calls, with equations."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from importlib.resources import files
from textwrap import dedent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Argument", "Mechanism", "argument_of", "blocks_of", "mechanisms_of"]

HOME = "blackball.mechanisms"


@dataclass(frozen=True)
class Argument:
    """What a model's docstring says: its first line, the paragraphs after it, and the question among them."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def question(self) -> str:
        """The paragraph `Question.` without that word; the title of a model without one."""
        stated = [text.removeprefix("Question.").strip() for text in self.paragraphs if text.startswith("Question.")]
        return " ".join((stated or [self.title])[0].split())

    @property
    def blocks(self) -> tuple[tuple[bool, str], ...]:
        """The paragraphs, as those of a `Mechanism`."""
        return blocks_of(self.paragraphs)


@dataclass(frozen=True)
class Mechanism:
    """One file of mechanisms that a model calls.

    Attributes
    ----------
    name : str
        Such as `urn`.
    title : str
        Its claim in a sentence.
    blocks : tuple of (bool, str)
        What it says: whether a block is an equation, and its text.
    used : tuple of (str, str)
        The functions that the model calls, with what each returns in a sentence.
    """

    name: str
    title: str
    blocks: tuple[tuple[bool, str], ...]
    used: tuple[tuple[str, str], ...]


def argument_of(source: str) -> Argument:
    """Read the argument off the text of a model file."""
    title, *paragraphs = (ast.get_docstring(ast.parse(source)) or "").split("\n\n")
    return Argument(" ".join(title.split()), tuple(paragraphs))


def mechanisms_of(source: str) -> tuple[Mechanism, ...]:
    """Find the mechanisms that the text of a model file calls; they are read, not imported.

    Returns
    -------
    tuple of Mechanism
        In the order of the calls; mechanisms of another package are left out.
    """
    calls: dict[str, dict[str, None]] = {}
    tree = ast.parse(source)
    modules, functions = _imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            calls.setdefault(modules[node.value.id], {})[node.attr] = None
        if isinstance(node, ast.Name) and node.id in functions:
            module, name = functions[node.id]
            calls.setdefault(module, {})[name] = None
    found = (_mechanism(name, list(used)) for name, used in calls.items())
    return tuple(mechanism for mechanism in found if mechanism is not None)


def _imported(tree: ast.Module) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Return the imported modules of mechanisms by local name, and the functions imported from one."""
    modules: dict[str, str] = {}
    functions: dict[str, tuple[str, str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == HOME:
            modules |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{HOME}."):
            module = (node.module or "").removeprefix(f"{HOME}.")
            functions |= {alias.asname or alias.name: (module, alias.name) for alias in node.names}
    return modules, functions


def _mechanism(name: str, used: list[str]) -> Mechanism | None:
    file = files("blackball") / "mechanisms" / f"{name}.py"
    if not file.is_file():
        return None
    tree = ast.parse(file.read_text(encoding="utf-8"))
    said = {node.name: ast.get_docstring(node) or "" for node in tree.body if isinstance(node, ast.FunctionDef)}
    title, *paragraphs = (ast.get_docstring(tree) or name).split("\n\n")
    calls = tuple((call, " ".join(said.get(call, "").partition("\n\n")[0].split())) for call in used)
    return Mechanism(name, " ".join(title.split()), blocks_of(paragraphs), calls)


def blocks_of(paragraphs: Iterable[str]) -> tuple[tuple[bool, str], ...]:
    """Tell equations, which are indented, from text, and unfold the text."""
    return tuple(
        (text.startswith("    "), dedent(text) if text.startswith("    ") else " ".join(text.split()))
        for text in paragraphs
    )
