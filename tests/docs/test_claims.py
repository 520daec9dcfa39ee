"""docs/claims.md says where each claim of the argument is computed, tested and used, and is right about it."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import blackball.mechanisms
from blackball.risk_model import shipped_models
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "claims.md"
SECTIONS = ["Urn", "Racing", "Alignment research and controlled draws", "Inspection", "Authority to halt", "Theft"]
SECTIONS += ["Unilateralist's curse", "Offence and defence", "Composition", "Regimes"]
CELLS = [f"(?P<{column}>[^|]+)" for column in ("claim", "functions", "tests", "models")]
ROW = re.compile(r"^\| " + r" \| ".join(CELLS) + r" \|$", re.MULTILINE)
# What carries the mechanisms and is no claim of the argument.
MACHINERY = {"evaluate", "labelled", "logs", "normal", "ranges", "separable", "shared_dims", "beta_binomial"}


def rows() -> list[dict[str, str]]:
    found = [row.groupdict() for row in ROW.finditer(PAGE.read_text(encoding="utf-8"))]
    return [row for row in found if row["claim"] != "Claim" and set(row["claim"]) != {"-"}]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def reached(name: str) -> object:
    """Return what a dotted name inside the package names, such as `mechanisms.urn.any_bad`."""
    module, _, function = name.rpartition(".")
    return getattr(import_module(f"blackball.{module}"), function)


def named_tests(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def called_in(path: Path) -> set[str]:
    """Return the names of the functions that a file calls."""
    calls = [node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    return {
        func.attr if isinstance(func, ast.Attribute) else func.id for func in calls if not isinstance(func, ast.Call)
    }


def test_every_section_has_claims():
    text = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^## \d+\. (.+)$", text, re.MULTILINE) == SECTIONS
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert all(ROW.search(part) for part in parts)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["claim"][:50])
def test_what_a_claim_points_to_is_there(row):
    for function in names(row["functions"]):
        assert callable(reached(function))
    tests = names(row["tests"])
    assert tests
    for named in tests:
        file, _, test = named.partition("::")
        assert test in named_tests(ROOT / "tests" / file)
    for model in names(row["models"]):
        source = shipped_models()[model].read_text(encoding="utf-8")
        assert any(
            ".".join(function.split(".")[-2:]) in source or function.split(".")[-1] in source
            for function in names(row["functions"])
        )


def public_mechanisms() -> set[str]:
    """Return every public function of every module that states a claim."""
    found = set()
    for module in iter_modules(blackball.mechanisms.__path__):
        if module.name not in MACHINERY:
            loaded = import_module(f"blackball.mechanisms.{module.name}")
            own = [
                name for name in loaded.__all__ if getattr(getattr(loaded, name), "__module__", "") == loaded.__name__
            ]
            found |= {f"mechanisms.{module.name}.{name}" for name in own if callable(getattr(loaded, name))}
    return found


def test_every_public_mechanism_is_a_claim():
    listed = {name for row in rows() for name in names(row["functions"])}
    assert public_mechanisms() - listed == set()


def test_a_wrong_pointer_is_noticed():
    with pytest.raises(AttributeError):
        reached("mechanisms.urn.no_such_claim")
    assert "test_no_such_test" not in named_tests(ROOT / "tests" / "mechanisms" / "test_urn.py")
