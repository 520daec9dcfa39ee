from __future__ import annotations

import pytest

from blackball.shipped import shipped


@pytest.fixture
def own(tmp_path):
    """A file with two regimes, of which the model's own panel names more."""
    common = 'jurisdiction = "j"\nstart = 2027\nduration = "d"\nheld_fixed = "h"\n'
    (tmp_path / "own.toml").write_text(
        f'reference = "now"\n[regime.now]\ntitle = "Now"\n{common}[regime.now.sets]\n'
        f'projects = {{ to = 5, source = "s" }}\n[regime.gate]\ntitle = "Gate"\n{common}[regime.gate.shifts]\n'
        'pace = { times = [0.5, 1], source = "s" }\n'
    )


def test_a_file_is_shown_by_its_effects(command, own):
    ended = command("regimes", "own.toml")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("What each regime changes, against Now")
    assert "× 0.5 to 1 (90 %)" in ended.out


def test_a_shipped_file_goes_by_name(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    ended = command("regimes", "regimes.toml")
    assert ended.code == 0
    assert "5 → 8 †" in ended.out
    assert "0.25 of the way from" in ended.out


def test_a_model_says_what_a_regime_may_change(command, own):
    ended = command("regimes", "own.toml", "--model", "one-or-many")
    assert (ended.code, ended.err) == (0, "")
    may_set, may_shift = ended.out.split("What a regime may shift")
    rows = [line.split() for line in may_set.splitlines()]
    assert ["projects", "5", "a", "number", "in", "[1,", "1000]"] in rows
    assert [row[:4] for row in rows if row[:1] == ["seats_trust"]] == [["seats_trust", "not", "set,", "but"]]
    assert [line.split()[:3] for line in may_shift.splitlines() if "0.002" in line] == [
        ["misaligned", "odds", "probability"]
    ]


def test_a_model_goes_by_path_too(command, own, tmp_path):
    (tmp_path / "m.py").write_text(shipped("models").joinpath("one_or_many.py").read_text(encoding="utf-8"))
    assert "What a regime may set" in command("regimes", "own.toml", "--model", "m.py").out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["nowhere.toml"], "nowhere.toml: cannot be read"),
        (["own.toml", "--model", "nonsense"], "nonsense: no model file can be read there"),
        (["own.toml", "--model", "urn"], "the model has no regimes; leave own.toml out"),
        ([], "Missing argument"),
    ],
)
def test_a_mistake_is_told(command, own, args, says):
    ended = command("regimes", *args)
    assert ended.code == 1
    assert says in ended.err
    assert "Traceback" not in ended.err
