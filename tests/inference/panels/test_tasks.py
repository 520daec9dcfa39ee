"""Results are kept fold by fold, so that a run that was stopped goes on where it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from blackball.errors import InputError, SetupError
from blackball.inference import provenance
from blackball.inference.panels import QUICK, tasks
from blackball.inference.panels.folds import folds_of
from blackball.inference.panels.tasks import Task, run_task
from tests.inference.panels.simulated import simulated_panel

SEEDS = ["q0", "q1", "q2", "q3"]


@pytest.fixture
def task(tmp_path: Path) -> Task:
    panel = simulated_panel(tmp_path / "made", [0.6, 0.4], len(SEEDS), np.random.default_rng(1))
    return Task(panel, "equal", tuple(folds_of(SEEDS, "leave-one-out", panel="made")), QUICK)


def test_each_prediction_is_scored(task: Task) -> None:
    rows = run_task(task)
    assert [row["question"] for row in rows] == SEEDS
    assert all(row["method"] == "equal" and row["panel"] == "made" for row in rows)
    assert all(np.isfinite(row[name]) for row in rows for name in ("log_score", "crps", "pinball", "pit"))


def test_what_is_done_is_not_done_again(task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "kept.jsonl"
    rows = run_task(task, file)
    monkeypatch.setattr(tasks, "predictor", None)  # whoever predicts now fails
    assert run_task(task, file) == rows


@pytest.mark.parametrize("cut", [1, 30, -1])
def test_a_run_that_was_killed_goes_on_where_it_was(task: Task, tmp_path: Path, cut: int) -> None:
    file = tmp_path / "kept.jsonl"
    rows = run_task(task, file)
    lines = file.read_bytes().splitlines(keepends=True)
    assert len(lines) == len(SEEDS)
    file.write_bytes(lines[0] + lines[1][:cut])  # killed while the second line was written
    assert run_task(task, file) == rows
    assert sorted(file.read_bytes().splitlines()) == sorted(line.rstrip() for line in lines)


def test_other_inputs_have_another_key(task: Task) -> None:
    others = [
        replace(task, method="median"),
        replace(task, folds=task.folds[:2]),
        replace(task, settings=replace(QUICK, seed=2)),
        replace(task, panel=replace(task.panel, questions=task.panel.questions.assign(realisation=1.0))),
        replace(task, panel=replace(task.panel, name="twin")),
    ]
    assert len({one.key("v1") for one in [task, *others]} | {task.key("v2")}) == 7
    assert task.key("v1") == task.key("v1")


def test_another_table_of_hyperpriors_has_another_key(
    task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = task.key("v1")
    (tmp_path / "hyperpriors.csv").write_text("another table")
    monkeypatch.setattr(provenance, "shipped", lambda kind: tmp_path)
    assert task.key("v1") != before


def test_a_damaged_file_is_named(task: Task, tmp_path: Path) -> None:
    file = tmp_path / "kept.jsonl"
    file.write_text("no json\n")
    with pytest.raises(SetupError, match=r"kept.jsonl: is damaged .* delete it, and it is computed again"):
        run_task(task, file)


def test_a_method_for_events_alone_says_so(task: Task) -> None:
    with pytest.raises(InputError, match="made: `geometric-odds` predicts nothing here: it is for events"):
        run_task(replace(task, method="geometric-odds"))
