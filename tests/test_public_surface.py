"""One public surface, and nothing heavy before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from operator import attrgetter
from pathlib import Path

import pytest

import blackball
from tests.conftest import ROOT
from tests.source_tree import tops

HEAVY = ("arviz", "nutpie", "pymc", "pytensor")
SCIENTIFIC = (*HEAVY, "matplotlib", "numpy", "pandas", "scipy", "xarray")
RUN = """
import json, sys
from blackball.cli import main
code = None
try:
    main()
except SystemExit as end:
    code = end.code
print(json.dumps([code, sorted(set(sys.modules) & set({watched!r}))]))
"""


def run_cli(folder: Path, watched: tuple[str, ...], *args: str) -> tuple[int, list[str], str]:
    """Run the command line in a fresh process: its exit code, which modules it loaded, what it said."""
    done = subprocess.run(
        [sys.executable, "-c", RUN.replace("{watched!r}", repr(watched)), *args],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    code, loaded = json.loads(done.stdout.splitlines()[-1])
    return code, loaded, done.stderr


def test_names_are_sorted_and_there():
    assert blackball.__all__ == sorted(blackball.__all__)
    assert dir(blackball) == blackball.__all__
    for name in blackball.__all__:
        assert getattr(blackball, name).__module__.startswith("blackball.")


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'blackball' has no attribute 'nonsense'"):
        attrgetter("nonsense")(blackball)


@pytest.mark.parametrize("package", sorted(tops()[0]))
def test_packages_name_what_they_offer(package):
    module = import_module(f"blackball.{package}")
    assert module.__all__ == sorted(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)


@pytest.mark.parametrize(
    ("name", "unwanted"),
    [("blackball", SCIENTIFIC), ("blackball.cli", SCIENTIFIC), ("blackball.decisions", HEAVY)],
)
def test_importing_costs_little(name, unwanted):
    code = f"import sys, json, {name}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert name in json.loads(done.stdout)
    assert not set(json.loads(done.stdout)) & set(unwanted)


@pytest.mark.parametrize(
    "args",
    [
        ["--help"],
        ["fit", "--help"],
        ["calibrate", "--help"],
        ["leave-out", "--help"],
        ["update", "--help"],
        ["convert", "--help"],
        ["decide", "--help"],
        ["fit", "--nonsense"],
    ],
)
def test_help_loads_nothing(tmp_path, args):
    code, loaded, _ = run_cli(tmp_path, SCIENTIFIC, *args)
    assert code == ("--nonsense" in args)
    assert loaded == []


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["fit", "urn", "--panel", "nowhere"], "nowhere/judgements.csv: no such file"),
        (["fit", "one-or-many", "--regimes", "bad.toml"], "bad.toml, regime: is missing"),
        (["fit", "nonsense"], "shipped models: controlled-draws"),
        (["fit", "urn", "--draws", "1"], "--draws"),
        (["check", "nowhere", "bad.toml"], "bad.toml, reference: is missing"),
        (["convert", "nowhere.dtt", "out"], "nowhere.dtt: no such file"),
        (["aggregate", "urn", "--by", "oracle"], "method has 'oracle': unknown method"),
        (["score", "nowhere"], "nowhere/judgements.csv: no such file"),
        (["crossvalidate", "urn", "--method", "oracle"], "method has 'oracle': unknown method"),
        (["compare", "."], ".: holds no study"),
        (["decide", "damaged", "nowhere.csv"], "nowhere.csv: no such file"),
        (["attribute", "nowhere", "--remove", "theft"], "--remove has 'theft': must be MECHANISM:VARIABLE=NUMBER"),
        (["sensitivity", "nowhere"], "nowhere: holds no study"),
        (["ask", "."], ".: holds no study"),
        (["ask", ".", "--costs", "nowhere.csv"], "nowhere.csv: no such file"),
        (["diagnose", "damaged"], "damaged/posterior.nc: is damaged or no study"),
        (["leave-out", "nowhere"], "nowhere: holds no study"),
        (["leave-out", "damaged", "--workers", "0"], "--workers"),
        (["calibrate", "urn", "--panel", "nowhere"], "nowhere/judgements.csv: no such file"),
        (["calibrate", "urn", "--simulations", "3"], "--simulations"),
        (["export", "damaged", "out"], "damaged/posterior.nc: is damaged or no study"),
        (["update", "nowhere", "new.csv"], "nowhere: holds no study"),
        (["report", "nowhere"], "nowhere: holds no study"),
        (["report", "damaged"], "damaged/posterior.nc: is damaged or no study"),
        (["report", "damaged", "page.pdf"], "page.pdf: a report is one HTML file"),
        (["report", "damaged", "nowhere/page.html"], "nowhere/page.html: cannot be written: no folder nowhere"),
        (["history", "damaged"], "damaged/posterior.nc: is damaged or no study"),
    ],
)
def test_a_mistake_is_told_before_anything_heavy_is_loaded(tmp_path, args, says):
    (tmp_path / "bad.toml").write_text("")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "posterior.nc").write_text("no study")
    code, loaded, said = run_cli(tmp_path, HEAVY, *args)
    assert says in said
    assert "Traceback" not in said
    assert (code, loaded) == (1, [])


def test_the_shipped_folders_are_those_of_the_checkout():
    from blackball.shipped import shipped

    assert {shipped(kind) for kind in ("models", "data")} == {ROOT / "models", ROOT / "data"}
