"""What an update changes in a panel, read and checked as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from blackball.errors import InputError
from blackball.panel import Panel, fingerprint, revise
from tests.conftest import EXPERTS, JUDGEMENTS, make_panel_in, quantiles, table

DOOM = [
    *quantiles("ann", "doom", (0.01, 0.05, 0.2)),
    {"expert": "bob", "question": "doom", "form": "point", "value": 0.1},
]
AGAIN = {"expert": "bob", "question": "doom", "round": 2, "form": "point", "value": 0.3}


@pytest.fixture
def panel(tmp_path: Path) -> Panel:
    (tmp_path / "panel").mkdir()
    return make_panel_in(tmp_path / "panel", DOOM, [{"question": "doom", "support": "probability"}], ["ann", "bob"])


@pytest.fixture
def written(tmp_path: Path):
    def write(name: str, text: str) -> Path:
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return write


def problems(*args: object, **files: object) -> list[tuple[object, ...]]:
    with pytest.raises(InputError) as caught:
        revise(*args, **files)
    return [(Path(p.file).name, p.row, p.column, p.value, p.rule) for p in caught.value.problems]


def test_columns_that_are_named_say_what_is_withdrawn(panel, written):
    whole = revise(panel, withdraw=written("a.csv", "expert,question\nann,doom\n"))
    assert whole.withdrawn["value"].tolist() == ["0.01", "0.05", "0.2"]
    part = revise(panel, withdraw=written("b.csv", "expert,question,level\nann,doom,.95\n"))
    assert part.withdrawn["value"].tolist() == ["0.2"]
    assert part.applied().judgements["value"].tolist() == ["0.01", "0.05", "0.1"]
    copied = revise(panel, withdraw=written("c.csv", table(JUDGEMENTS, DOOM[3:])))
    assert copied.withdrawn["expert"].tolist() == ["bob"]
    assert len(panel.judgements) == 4


def test_a_correction_takes_the_same_round(panel, written):
    right = written("right.csv", table(JUDGEMENTS, [{**DOOM[3], "value": 0.2}]))
    revision = revise(panel, right, written("wrong.csv", "expert,question\nbob,doom\n"))
    assert revision.applied().judgements["number"].tolist() == [0.01, 0.05, 0.2, 0.2]
    ((file, row, column, _, rule),) = problems(panel, right)
    assert (file, row, column) == ("right.csv", 2, "round")
    assert "has this answer already" in rule


def test_an_expert_joins_with_what_the_expert_says(panel, written):
    said = written("new.csv", table(JUDGEMENTS, [{"expert": "cyd", "question": "doom", "form": "point", "value": 0.2}]))
    ((_, row, column, value, rule),) = problems(panel, said)
    assert (row, column, value) == (2, "expert", "cyd")
    assert rule.endswith("adds experts from a file with the columns of experts.csv")
    joined = revise(panel, said, experts=written("e.csv", table(EXPERTS, [{"expert": "cyd"}])))
    assert joined.applied().experts["expert"].tolist() == ["ann", "bob", "cyd"]
    assert joined.experts == ["cyd"]
    again = written("again.csv", table(EXPERTS, [{"expert": "bob"}]))
    assert problems(panel, said, experts=again)[0][:4] == ("again.csv", 2, "expert", "bob")


def test_parts_of_a_revision_are_the_changes_of_some(panel, written):
    revision = revise(
        panel, written("n.csv", table(JUDGEMENTS, [AGAIN])), written("w.csv", "expert,question\nann,doom\n")
    )
    assert revision.experts == ["ann", "bob"]
    assert revision.only(["ann"]).applied().judgements["expert"].tolist() == ["bob"]
    assert revision.only(["bob"]).applied().judgements["expert"].tolist() == ["ann", "ann", "ann", "bob", "bob"]
    assert fingerprint(revision.only([]).applied()) == fingerprint(panel)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("expert,question\neve,doom\n", (2, "expert", "eve", "unknown expert; valid names: ann, bob")),
        (
            "expert,question\nann,gloom\n",
            (2, "question", "gloom", "ann has not judged this; unknown question; did you"),
        ),
        (
            "expert,question,level\nann,doom,.5\nann,doom,.6\n",
            (3, None, None, "ann has no judgement of doom with level"),
        ),
        ("expert,level\nann,.5\n", (1, "question", None, "lacks this column")),
        ("expert,question,colour\nann,doom,red\n", (1, "colour", "colour", "unknown column")),
        ("expert,question,level,level\nann,doom,1,1\n", (1, "level", "level", "names this column twice")),
        ("expert,question\n", (None, None, None, "is empty: it names no judgement to withdraw")),
    ],
)
def test_a_file_that_names_no_judgement_is_told(panel, written, text, found):
    ((file, *place, rule),) = problems(panel, withdraw=written("w.csv", text))
    assert (file, *place) == ("w.csv", *found[:3])
    assert rule.startswith(found[3])


def test_changes_that_leave_no_panel_are_refused(panel, written):
    ((_, *_, rule),) = problems(panel)
    assert rule == "nothing to update: no judgement comes in and none is withdrawn"
    ((_, *_, rule),) = problems(panel, withdraw=written("w.csv", "expert,question\nann,doom\nbob,doom\n"))
    assert rule == "no judgement would be left: a panel needs at least one"
    same = written("same.csv", table(JUDGEMENTS, DOOM[3:]))
    ((_, *_, rule),) = problems(panel, same, written("bob.csv", "expert,question\nbob,doom\n"))
    assert rule == "nothing to update: what is withdrawn comes in again unchanged"


def test_half_an_answer_is_refused(tmp_path, written):
    levels = {"best": 0.1, "low": 0.05, "high": 0.3, "confidence": 0.8}
    rows = [
        {"expert": "ann", "question": "doom", "form": "interval", "level": k, "value": v} for k, v in levels.items()
    ]
    panel = make_panel_in(tmp_path, rows, [{"question": "doom", "support": "probability"}], ["ann"])
    (found, *_) = problems(panel, withdraw=written("half.csv", "expert,question,level\nann,doom,high\n"))
    assert found[0] == f"{panel.name} after the update"
    assert "interval" in found[4]
