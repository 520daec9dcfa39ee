"""The tree is what it says it is."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.source_tree import PACKAGE, imports, imports_of, module_in, modules, tops

LAYERS = [
    {"errors", "shipped"},
    {"panel", "regimes", "mechanisms"},
    {"pools"},
    {"modelling", "risk_model"},
    {"inference"},
    {"decisions"},
    {"reporting"},
    {"store"},
    {"api"},
    {"cli"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
USERS = {
    "pymc": {"modelling", "inference", "risk_model"},
    "pymc.dims": {"modelling"},
    "pytensor": {"mechanisms", "modelling", "inference"},
    "nutpie": {"inference"},
    "arviz_stats": {"inference", "decisions"},
    "typer": {"cli"},
}
NOT_RANDOM = {"Data", "Deterministic", "Model"}
AS_A_SCRIPT = """

if __name__ == "__main__":
    from blackball.cli import main

    main("fit", __file__)
"""
MODELS = sorted((ROOT / "models").glob("*.py"))
FILES = sorted([*PACKAGE.rglob("*.py"), *MODELS])
HOME = re.compile(r"(?<![\w.$}~])(/(home|root|Users|work|tmp|mnt)/|[A-Z]:\\Users)")
REGISTRY = re.compile(r"pypi[.]|pythonhoste[d]|artifactor[y]|index-ur[l]|find-link[s]")


def top(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def leftward(module: str, target: str) -> bool:
    return top(module) == top(target) or LEVEL[top(target)] < LEVEL[top(module)]


def cycle(edges: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def uses(path: Path, package: str) -> bool:
    return any(f"{one.target}.".startswith(f"{package}.") for one in imports_of(path) if not one.for_types)


def test_every_top_level_name_has_a_layer():
    folders, files = tops()
    assert folders | files == set(LEVEL)


@pytest.mark.parametrize("module", sorted(modules()))
def test_a_module_imports_only_what_stands_to_its_left(module):
    known = modules()
    targets = [module_in(one.target, known) for one in imports_of(known[module])]
    wrong = [target for target in targets if target and target != "blackball" and not leftward(module, target)]
    assert wrong == []


def test_rightward_imports_are_seen_wherever_they_hide():
    source = "def f():\n    from blackball.cli import main\nif TYPE_CHECKING:\n    import blackball.store.study\n"
    found = [module_in(one.target, modules()) for one in imports(ast.parse(source))]
    assert found == ["blackball.cli", "blackball.store.study"]
    assert not any(leftward("blackball.decisions.compare", str(target)) for target in found)


def test_there_is_no_import_cycle():
    known = modules()
    edges = {
        name: {module_in(one.target, known) or "" for one in imports_of(path) if not one.for_types} - {""}
        for name, path in known.items()
    }
    assert cycle(edges) == []
    assert sum(map(len, edges.values())) > len(edges)
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) != []


@pytest.mark.parametrize("package", sorted(USERS))
def test_each_dependency_is_known_to_few_layers(package):
    found = {top(name) for name, path in modules().items() if uses(path, package)}
    assert found <= USERS[package]
    assert found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_modelling_makes_random_variables(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name in ("pymc", "pymc.dims")
    }
    made = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if isinstance(node.func.value, ast.Name) and node.func.value.id in names
        if node.func.attr[0].isupper()
    }
    assert made <= NOT_RANDOM or path.is_relative_to(PACKAGE / "modelling")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno + 1 > 60]
    assert long == []
    assert path.stem not in ("utils", "util", "helpers", "misc")


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_file_is_one_build_and_no_helpers(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)] == ["build"]
    ours = {one.target.split(".")[1] for one in imports_of(path) if one.target.startswith("blackball.")}
    assert ours <= {"mechanisms", "modelling", "panel", "regimes", "cli"}
    assert path.read_text(encoding="utf-8").endswith(AS_A_SCRIPT)
    assert ast.get_docstring(tree)


def test_the_page_on_architecture_names_the_tree():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    folders, files = tops()
    outside = {path.name for path in ROOT.iterdir() if path.is_dir()}
    assert set(re.findall(r"`([a-z_]+)/`", text)) - outside == folders
    assert set(re.findall(r"`([a-z_]+)\.py`", text)) - {"__init__"} == files


def test_the_repository_names_no_machine_and_no_registry():
    ignored = [line.strip("/\n") for line in (ROOT / ".gitignore").read_text().splitlines()] + [".git", "*.png"]
    paths = [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file()]
    kept = [path for path in paths if not any(fnmatch(part, name) for part in path.parts for name in ignored)]
    texts = {str(path): (ROOT / path).read_text(encoding="utf-8") for path in kept}
    assert [name for name, text in texts.items() if HOME.search(text) or REGISTRY.search(text)] == []
    assert len(texts) > len(FILES)
    assert HOME.search("see /" + "home/ann/x")
    assert REGISTRY.search("https://pypi" + ".org")
