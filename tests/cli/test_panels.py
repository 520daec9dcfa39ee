"""The verbs about panels, from a study of Excalibur to tables, files and a figure."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from blackball.panel import Panel, write_panel
from tests.cli.conftest import Command
from tests.inference.panels.simulated import simulated_panel


@pytest.fixture
def panels(tmp_path: Path) -> list[Panel]:
    """Two panels of five seeds and an open question each, in folders `one` and `two`."""
    rng = np.random.default_rng(11)
    return [simulated_panel(tmp_path / name, [0.7, 0.2, 0.1], 5, rng) for name in ("one", "two")]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_aggregate_prints_and_writes(command: Command, panels: list[Panel], tmp_path: Path) -> None:
    ended = command("aggregate", "one", "--by", "equal", "--out", "said.csv")
    assert (ended.code, ended.err) == (0, "")
    assert "one: what the panel says, by equal" in ended.out
    (row,) = rows(tmp_path / "said.csv")
    assert row["question"] == "q5"
    quantiles = [float(row[name]) for name in ("q05", "q25", "q50", "q75", "q95")]
    assert quantiles == sorted(quantiles)
    assert row["q01"] == row["q99"] == ""  # beyond the panel's own levels a pool says nothing


def test_aggregate_says_how_much_each_expert_counts(command: Command, panels: list[Panel]) -> None:
    ended = command("aggregate", "one")
    assert ended.code == 0
    assert "How much each expert counts" in ended.out
    assert all(expert in ended.out for expert in ("e0", "e1", "e2"))


def test_score_prints_experts_and_methods(command: Command, panels: list[Panel], tmp_path: Path) -> None:
    ended = command("score", "one", "--method", "equal", "--method", "geometric-odds", "--out", "scores.csv")
    assert ended.code == 0
    assert "Experts: what they stated, on the seeds" in ended.out
    assert "not scored: geometric-odds" in ended.out
    found = rows(tmp_path / "scores.csv")
    assert [row["question"] for row in found] == ["q0", "q1", "q2", "q3", "q4"]
    assert all(np.isfinite(float(row["log_score"])) for row in found)


def test_crossvalidate_compares_draws_and_goes_on(command: Command, panels: list[Panel], tmp_path: Path) -> None:
    asked = ["crossvalidate", "one", "two", "--method", "quantile-mean", "--method", "performance", "--workers", "1"]
    ended = command(*asked)
    assert ended.code == 0
    assert "against equal" in ended.out
    folder = tmp_path / "crossvalidation"
    names = {path.name for path in folder.iterdir()}
    assert names == {"results", "scores.csv", "comparison.csv", "failures.csv", "gains.svg", "gains.png"}
    assert len(rows(folder / "scores.csv")) == 2 * 3 * 5
    compared = {(row["score"], row["method"]): row for row in rows(folder / "comparison.csv")}
    assert float(compared["log_score", "equal"]["difference"]) == 0
    before = {path.name: path.read_bytes() for path in (folder / "results").iterdir()}
    assert command(*asked).out == ended.out
    assert {path.name: path.read_bytes() for path in (folder / "results").iterdir()} == before


def test_a_reference_that_cannot_be_scored_is_refused(command: Command, panels: list[Panel]) -> None:
    ended = command("crossvalidate", "one", "--reference", "beta-linear", "--method", "equal", "--workers", "1")
    assert ended.code == 1
    assert "one: `beta-linear`, which others are to be compared with, failed" in ended.err


def test_a_study_of_excalibur_is_scored_as_it_is(command: Command, tmp_path: Path) -> None:
    panel = simulated_panel(tmp_path / "three", [0.5, 0.5], 3, np.random.default_rng(1))
    write_panel(panel, tmp_path / "copy")
    assert command("convert", "copy", "study.DTT").code == 0
    ended = command("score", "study.DTT", "--method", "equal")
    assert ended.code == 0
    assert "Methods: each seed predicted from the others" in ended.out
