from __future__ import annotations

from pathlib import Path

import pytest

import blackball
from blackball.errors import InputError, SetupError
from blackball.panel import convert, fingerprint, read_panel
from tests.panel.studies import known, said, study

QUESTIONS = "question,text,support,source\ndoom,Catastrophe?,probability,report\n"
WIDE = "expert,doom @ 0.05,doom @ 0.5,doom @ 0.95\nann,1%,5%,20%\nbob,2%,6%,30%\n"


@pytest.fixture
def inputs(tmp_path, monkeypatch) -> Path:
    """A folder with a study, a wide table and its questions, in which the test runs."""
    study(tmp_path, [said("e", "a", "log", 1, 2, 3)], [known("a", 2, "log")])
    (tmp_path / "wide.csv").write_text(WIDE)
    (tmp_path / "questions.csv").write_text(QUESTIONS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def listing(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_a_study_becomes_a_folder(inputs, format):
    written = convert("made.dtt", "out/deep", format=format)
    assert written == [Path("out/deep") / f"{name}.{format}" for name in ("judgements", "experts", "questions")]
    assert all(path.is_file() for path in written)
    assert fingerprint(read_panel("out/deep")) == fingerprint(read_panel("made.dtt"))


def test_a_folder_becomes_a_study(inputs):
    convert("made.dtt", "folder")
    assert convert("folder", "again.DTT") == [Path("again.DTT"), Path("again.RLS")]
    again, before = read_panel("again.DTT"), read_panel("made.dtt")
    assert again.judgements["number"].tolist() == before.judgements["number"].tolist()
    assert again.questions["realisation"].tolist() == before.questions["realisation"].tolist()


def test_a_wide_table_becomes_either(inputs):
    convert("wide.csv", "folder", "questions.csv")
    convert(Path("wide.csv"), Path("wide.dtt"), Path("questions.csv"))
    assert read_panel("folder").judgements["number"].tolist() == [0.01, 0.05, 0.2, 0.02, 0.06, 0.3]
    assert read_panel("wide.dtt").judgements["number"].tolist() == [0.01, 0.05, 0.2, 0.02, 0.06, 0.3]


def test_an_empty_folder_may_be_there(inputs):
    (inputs / "out").mkdir()
    convert("made.dtt", "out")
    assert sorted(path.name for path in (inputs / "out").iterdir()) == [
        "experts.csv",
        "judgements.csv",
        "questions.csv",
    ]


@pytest.mark.parametrize(
    ("args", "file", "says"),
    [
        (("made.dtt", "full"), "full", "the folder is not empty; name a new or empty one"),
        (("made.dtt", "file"), "file", "is a file; name a new or empty folder"),
        (("made.dtt", "made.dtt"), "made.dtt", "is there already, and stays"),
        (("wide.csv", "MADE.dtt", "questions.csv"), "made.rls", "is there already, and stays"),
        (("made.dtt", "out.csv"), "out.csv", "is written to a folder, or to a path that ends in .dtt"),
        (("wide.csv", "out"), "wide.csv", "is a wide table, which needs a file with its questions"),
        (("made.dtt", "out", "questions.csv"), "questions.csv", "only a wide table needs questions"),
        (("nowhere", "out"), "nowhere/judgements.csv", "no such file"),
        (("nowhere.dtt", "out"), "nowhere.dtt", "no such file"),
        (("nowhere.csv", "out", "questions.csv"), "nowhere.csv", "no such file"),
        (("wide.csv", "out", "nowhere.csv"), "nowhere.csv", "no such file"),
        (
            ("file", "out"),
            "file",
            "is no panel's folder, no study of Excalibur (.dtt) and no wide table (.csv, .parquet)",
        ),
        (("full", "out"), "full/judgements.csv", "no such file"),
        (("questions.csv", "out", "wide.csv"), "wide.csv", "unknown column"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(inputs, args, file, says):
    (inputs / "full").mkdir()
    (inputs / "full" / "thesis.txt").write_text("precious")
    (inputs / "file").write_text("precious")
    before = listing(inputs)
    with pytest.raises(InputError) as caught:
        convert(*args)
    assert [problem for problem in caught.value.problems if problem.file == file and says in problem.rule]
    assert listing(inputs) == before
    assert not (inputs / "out").exists()


@pytest.mark.parametrize(
    ("target", "format", "says"),
    [
        ("out", "xlsx", "unknown format; valid names: csv, parquet"),
        ("out.dtt", "parquet", "a study of Excalibur has a format of its own"),
    ],
)
def test_a_wrong_format_is_told(inputs, target, format, says):
    with pytest.raises(InputError) as caught:
        convert("made.dtt", target, format=format)
    [problem] = caught.value.problems
    assert (problem.file, problem.column, problem.value) == (target, "format", format)
    assert says in problem.rule
    assert not (inputs / target).exists()


def test_what_the_target_cannot_hold_is_told_and_nothing_is_written(inputs):
    convert("wide.csv", "folder", "questions.csv")
    file = inputs / "folder" / "judgements.csv"
    file.write_text(file.read_text().replace("bob,doom,,,", "bob,doom,pause,,"))
    before = listing(inputs)
    with pytest.raises(InputError) as caught:
        convert("folder", "new/x.dtt")
    assert [(p.file, p.row, p.column, p.value) for p in caught.value.problems] == [
        ("folder/judgements", row, "regime", "pause") for row in (5, 6, 7)
    ]
    assert listing(inputs) == before
    assert not (inputs / "new").exists()


def test_source_and_target_are_judged_at_once(inputs):
    (inputs / "bad.dtt").write_text("nothing")
    with pytest.raises(InputError) as caught:
        convert("bad.dtt", "made.dtt")
    assert [problem.file for problem in caught.value.problems] == ["made.dtt", "made.rls", "bad.dtt"]


def test_a_place_that_cannot_be_written_is_told(inputs):
    with pytest.raises(SetupError, match="cannot be written"):
        convert("made.dtt", "wide.csv/out")
    assert (inputs / "wide.csv").read_text() == WIDE


def test_the_function_of_a_script_is_this_one():
    assert blackball.convert is convert
