from __future__ import annotations

import shutil

import pytest

from blackball.shipped import shipped


@pytest.fixture
def panel(tmp_path):
    """A copy of the urn's panel, to spoil."""
    return shutil.copytree(shipped("data") / "urn", tmp_path / "panel")


def spoil(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_is_fine_is_named_for_what_it_is(command):
    ended = command("check", "western-projects", "regimes.toml", "one-or-many")
    assert (ended.code, ended.err) == (0, "")
    panel, regimes, model, found, together, title, *table = ended.out.splitlines()
    assert found == "No problems found."
    assert together == "Fit together: model one-or-many; panel western-projects; regimes regimes.toml."
    assert panel.startswith("western-projects: a panel of 11 experts, ")
    assert regimes.startswith("regimes.toml: 17 regimes: status_quo, open_race")
    assert title.startswith("What each regime changes, against Status quo")
    assert [row.split() for row in table if "5 → 8" in row] == [["Open", "race", "projects", "5", "→", "8", "†"]]
    assert model.startswith("one-or-many: a model: One AGI project or many?")


def test_no_effect_is_shown_as_long_as_something_is_wrong(command, tmp_path):
    (tmp_path / "r.toml").write_text("[[")
    ended = command("check", "r.toml", "regimes.toml")
    assert ended.code == 1
    assert "r.toml: is not valid TOML" in ended.err
    assert "odds × 1 to 1.8 (90 %) †" not in ended.out
    assert "odds × 1 to 1.8 (90 %) †" in command("check", "regimes.toml").out


@pytest.mark.parametrize("name", ["urn", "power-seeking"])
def test_a_name_of_panel_and_model_is_checked_as_both(command, name):
    ended = command("check", name)
    assert ended.code == 0
    *read, found, together = ended.out.splitlines()
    assert [line.split(" ", 3)[2] for line in read] == ["panel", "model:"]
    assert found == "No problems found."
    assert together == f"Fit together: model {name}; panel {name}."


def test_every_problem_of_every_file_is_told_at_once(command, panel, tmp_path):
    spoil(panel / "judgements.csv", "quantile,0.5,0.25", "quantile,0.5,2.5")
    spoil(panel / "experts.csv", "urn_comment,", "someone_else,")
    (tmp_path / "r.toml").write_text('reference = "a"\n[regime.a]\ntitle = 3\n')
    (tmp_path / "m.py").write_text("x = 1 / 0\n")
    ended = command("check", "panel", "r.toml", "m.py", "data.csv", "urn")
    assert ended.code == 1
    told = ended.err.splitlines()
    assert [line for line in told if line.startswith("panel/judgements.csv, row 4, column value has '2.5'")]
    assert [line for line in told if line.startswith("panel/judgements.csv, row 2, column expert")]
    assert [line for line in told if line.startswith("r.toml, regime.a.title has 3")]
    assert [line for line in told if line == "r.toml, regime.a.start: is missing"]
    assert [line for line in told if line.startswith("m.py, line 1: the model raises ZeroDivisionError")]
    assert [
        line for line in told if line.startswith("data.csv: is not there: it names no panel folder, no regimes file")
    ]
    assert ended.out.startswith("urn: a panel of 2 experts")
    assert "Traceback" not in ended.err


def test_a_panel_is_held_to_the_regimes_beside_it(command, panel):
    spoil(panel / "judgements.csv", "urn_comment,misaligned,,", "urn_comment,misaligned,open_rice,")
    ended = command("check", "panel", "regimes.toml")
    assert ended.code == 1
    assert "row 2, column regime has 'open_rice'" in ended.err
    assert "open_race" in ended.err


def test_a_model_is_built_with_what_is_beside_it(command, panel):
    spoil(panel / "questions.csv", ",any_misaligned,draws=10,", ",any_misaligned,draws=11,")
    (panel.parent / "m.py").write_text(shipped("models").joinpath("urn.py").read_text(encoding="utf-8"))
    ended = command("check", "panel", "m.py")
    assert ended.code == 1
    assert "draws '11' is not in the model; valid: 1, 2, 3, 6, 10" in ended.err
    assert "(model m.py; panel panel)" in ended.err
    alone = command("check", "m.py")
    assert alone.code == 0
    assert alone.out.endswith("Fit together: model m.py; panel its own, urn.\n")


def test_a_model_that_names_no_panel_is_told(command, tmp_path):
    (tmp_path / "m.py").write_text("def build(panel, regimes, experts):\n    pass\n")
    ended = command("check", "m.py")
    assert ended.code == 1
    assert "m.py: names no panel of its own" in ended.err


def test_checking_nothing_is_a_mistake(command):
    ended = command("check")
    assert ended.code == 1
    assert "Missing argument" in ended.err
