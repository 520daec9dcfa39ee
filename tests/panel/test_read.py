from __future__ import annotations

import pandas as pd
import pytest

from blackball.errors import InputError
from blackball.panel import read_panel, revise


def test_a_panel_is_typed_and_keeps_the_text_as_given(panel):
    said = panel("ann,doom,licensing,,,quantile,.50,0.030,Illustrative: a guess\n").judgements.iloc[0]
    assert (said["level"], said["value"], said["round"]) == (".50", "0.030", 1)
    assert (said["probability"], said["number"], said["illustrative"]) == (0.5, 0.03, True)


def test_empty_names_camps_and_variables_fall_back_on_ids(panel):
    read = panel("ann,doom,,,,point,,0.1,s\n")
    assert read.experts["name"].tolist() == ["Ann", "bob", "Cyd"]
    assert read.experts["camp"].tolist() == ["red", "bob", "red"]
    assert read.experts["n"].tolist() == [pd.NA, 12, pd.NA]
    assert read.questions["variable"].tolist() == ["catastrophe", "cause", "size", "share", "drift"]


def test_optional_columns_may_be_absent(write):
    folder = write("")
    (folder / "judgements.csv").write_text("expert,question,form,value,source\nann,doom,point,0.1,s\n")
    (folder / "experts.csv").write_text("source,expert\ns,ann\n")
    (folder / "questions.csv").write_text("question,text,support,source\ndoom,?,probability,s\n")
    said = read_panel(folder).judgements.iloc[0]
    assert (said["regime"], said["given"], said["round"], said["level"]) == ("", "", 1, "")


def test_every_missing_file_is_reported(tmp_path, located):
    assert located(tmp_path) == [
        ("judgements.csv", None, None, None),
        ("experts.csv", None, None, None),
        ("questions.csv", None, None, None),
    ]


def test_two_copies_of_a_file_are_refused(write, located):
    folder = write("ann,doom,,,,point,,0.1,s\n")
    (folder / "experts.parquet").write_bytes(b"")
    assert located(folder) == [("experts.csv", None, None, None)]


def test_a_folder_in_place_of_a_file_is_refused(write, located):
    folder = write("")
    (folder / "judgements.csv").unlink()
    (folder / "judgements.csv").mkdir()
    assert located(folder) == [("judgements.csv", None, None, None)]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"expert,question,form,value,source\n"])
def test_an_empty_file_is_refused(write, located, content):
    folder = write("")
    (folder / "judgements.csv").write_bytes(content)
    assert located(folder) == [("judgements.csv", None, None, None)]


def test_undecodable_bytes_are_located(write, located):
    folder = write("ann,doom,,,,point,,0.1,s\n")
    whole = (folder / "judgements.csv").read_bytes()
    (folder / "judgements.csv").write_bytes(whole + b"bob,doom,,,,point,,0.1,M\xfcller\n")
    assert located(folder) == [("judgements.csv", 3, None, b"\xfc")]


def test_control_characters_are_located(write, located):
    assert located(write("ann,doom,,,,point,,0.1,s\nbob,doom,,,,point,,0.1,\x00\n")) == [
        ("judgements.csv", 3, None, "\x00")
    ]


def test_ragged_rows_are_located_below_a_cell_with_a_line_break(write, located):
    rows = 'ann,doom,,,,point,,0.1,"two\nlines"\n\nbob,doom,,,,point,0.1,s\n'
    assert located(write(rows)) == [("judgements.csv", 5, None, None)]


def test_broken_quotes_are_located(write, located):
    assert located(write('ann,doom,,,,point,,0.1,"s\n')) == [("judgements.csv", 2, None, None)]


def test_a_byte_order_mark_is_no_part_of_the_first_column(write):
    folder = write("ann,doom,,,,point,,0.1,s\n")
    whole = (folder / "judgements.csv").read_bytes()
    (folder / "judgements.csv").write_bytes(b"\xef\xbb\xbf" + whole)
    assert len(read_panel(folder).judgements) == 1


def test_unknown_doubled_and_missing_columns_are_named_with_the_legal_ones(write):
    experts = "expert,nmae,camp,camp\nann,Ann,red,red\n"
    with pytest.raises(InputError) as caught:
        read_panel(write("ann,doom,,,,point,,0.1,s\n", experts=experts))
    unknown, doubled, missing = caught.value.problems
    assert (unknown.row, unknown.column, unknown.value) == (1, "nmae", "nmae")
    assert "did you mean 'name'" in unknown.rule
    assert "expert, name, camp, n, source" in unknown.rule
    assert (doubled.row, doubled.column) == (1, "camp")
    assert (missing.row, missing.column) == (1, "source")
    assert "n (optional)" in missing.rule


def test_semicolons_between_columns_are_told_as_such(write, located):
    folder = write("")
    (folder / "judgements.csv").write_text("expert;question;form;value;source\nann;doom;point;0.1;s\n")
    assert located(folder) == [("judgements.csv", 1, None, None)]
    with pytest.raises(InputError, match="columns separated by semicolons, as some spreadsheets write them"):
        read_panel(folder)


def test_problems_of_all_files_come_at_once(write, located):
    experts = "expert,source\nann,s\nann,s\n"
    questions = "question,text,support,source\ndoom,?,probable,s\n"
    assert located(write("eve,doom,,,,point,,0.1,s\n", experts, questions)) == [
        ("experts.csv", 3, "expert", "ann"),
        ("questions.csv", 2, "support", "probable"),
        ("judgements.csv", 2, "expert", "eve"),
    ]


def test_new_judgements_are_held_against_the_panel(panel, tmp_path):
    old = panel("ann,doom,,,,point,,0.1,s\n")
    file = tmp_path / "new.csv"
    file.write_text("expert,question,round,form,value,source\nann,doom,2,point,0.2,s\n")
    assert revise(old, file).added["number"].tolist() == [0.2]
    file.write_text("expert,question,round,form,value,source\nbob,doom,1,point,0.2,s\nann,doom,1,point,0.2,s\n")
    with pytest.raises(InputError, match="later round") as caught:
        revise(old, file)
    [problem] = caught.value.problems
    assert (problem.file, problem.row, problem.column, problem.value) == (str(file), 3, "round", "1")


def test_parquet_may_hold_numbers(write):
    folder = write("ann,doom,,,,point,,0.1,s\n")
    (folder / "judgements.csv").unlink()
    columns = {"expert": ["ann"], "question": ["doom"], "round": [2.0], "form": ["quantile"], "level": [0.5]}
    pd.DataFrame({**columns, "value": [0.25], "source": ["s"]}).to_parquet(folder / "judgements.parquet")
    said = read_panel(folder).judgements.iloc[0]
    assert (said["round"], said["level"], said["number"]) == (2, "0.5", 0.25)


def test_parquet_may_hold_nothing_else(write, located):
    folder = write("ann,doom,,,,point,,0.1,s\n")
    (folder / "experts.csv").unlink()
    pd.DataFrame({"expert": ["ann"], "source": [["s"]]}).to_parquet(folder / "experts.parquet")
    assert located(folder) == [("experts.parquet", None, "source", None)]


def test_bytes_that_are_not_parquet_are_refused(write, located):
    folder = write("ann,doom,,,,point,,0.1,s\n")
    (folder / "experts.csv").unlink()
    (folder / "experts.parquet").write_bytes(b"PAR1 no PAR1")
    assert located(folder) == [("experts.parquet", None, None, None)]
