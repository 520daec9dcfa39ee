from __future__ import annotations

import pytest

from blackball.errors import ModelError
from blackball.panel import Panel, fingerprint, read_panel
from blackball.risk_model import RiskModel
from blackball.shipped import shipped
from tests.cli.conftest import listing
from tests.panel.studies import known, said, study

QUESTIONS = "question,text,support,source\ndoom,Catastrophe?,probability,report\n"


@pytest.fixture
def inputs(tmp_path):
    study(tmp_path, [said("e", "a", "log", 1, 2, 3)], [known("a", 2, "log")])
    (tmp_path / "wide.csv").write_text("expert,doom\nann,5%\n")
    (tmp_path / "q.csv").write_text(QUESTIONS)
    return tmp_path


def test_what_was_written_is_told_in_one_line(command, inputs):
    ended = command("convert", "made.dtt", "out")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "Written: out/judgements.csv, out/experts.csv, out/questions.csv\n"
    assert fingerprint(read_panel(inputs / "out")) == fingerprint(read_panel(inputs / "made.dtt"))
    ended = command("convert", "out", "back.DTT")
    assert (ended.code, ended.out) == (0, "Written: back.DTT, back.RLS\n")


def test_options_name_the_questions_and_the_format(command, inputs):
    ended = command("convert", "wide.csv", "out", "--questions", "q.csv", "--format", "parquet")
    assert (ended.code, ended.out) == (
        0,
        "Written: out/judgements.parquet, out/experts.parquet, out/questions.parquet\n",
    )
    assert read_panel(inputs / "out").judgements["number"].tolist() == [0.05]


def test_a_shipped_panel_is_known_by_its_name(command, tmp_path):
    assert command("convert", "western-projects", "out").code == 0
    assert fingerprint(read_panel(tmp_path / "out")) == fingerprint(read_panel(shipped("data") / "western-projects"))


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["made.dtt", "."], ".: the folder is not empty"),
        (["made.dtt", "made.dtt"], "made.dtt: is there already, and stays"),
        (["wide.csv", "out"], "wide.csv: is a wide table, which needs a file with its questions"),
        (["wide.csv", "out", "--questions", "made.dtt"], "made.dtt, row 1, column question: lacks this column"),
        (["urn", "out.dtt"], "urn/judgements, row 2, column form has 'point': the format holds answers of the form"),
        (["made.dtt", "out", "--format", "xlsx"], "'xlsx' is not one of 'csv', 'parquet'"),
        (["made.dtt"], "Missing argument"),
    ],
    ids=" ".join,
)
def test_a_mistake_is_told_and_nothing_is_written(command, inputs, args, says):
    before = listing(inputs)
    ended = command("convert", *args)
    assert ended.code == 1
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert listing(inputs) == before


def test_every_verb_that_takes_a_panel_takes_a_study(command, inputs, monkeypatch):
    def stand_in(risk: RiskModel, panel: Panel, *_: object, **__: object) -> None:
        raise ModelError(f"{risk.name} with {panel.name}: {len(panel.judgements)} judgements")

    monkeypatch.setattr("blackball.inference.fit", stand_in)
    ended = command("fit", "urn", "--panel", "made.dtt")
    assert (ended.code, ended.err.splitlines()[-1]) == (1, "urn with made: 3 judgements")
    ended = command("check", "made.dtt", "regimes.toml")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("made.dtt: a panel of 1 expert, 3 judgements\n")


def test_what_is_wrong_with_a_study_is_told_with_its_lines(command, inputs):
    path = study(inputs, [said("e", "a", "log", 1, 2, 3), "garbage", said("f", "a", "log", 0, 2, 3)], [known("b", 2)])
    path.rename(inputs / "MADE.DTT")
    ended = command("check", "MADE.DTT")
    assert ended.code == 1
    assert [line.split(":")[0] for line in ended.err.splitlines()] == [
        "MADE.DTT, row 3 has 'garbage'",
        "MADE.DTT, row 4, column value has '0.00000E+0000'",
        "made.rls, row 1, column item has 'b'",
    ]
