from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blackball.errors import InputError
from blackball.panel import Panel, fingerprint, read_excalibur, read_panel, write_panel
from tests.panel.studies import HEADER, known, said, study

LITERAL = (
    "* CLASS ASCII OUTPUT FILE. NQ=   3   QU=   5  50  95\n"
    "    1      Ann    1       ice loss uni -5.00000E+0001  1.00000E-0002  8.00000E+0001 \n"
    "    1      Ann    2  log reduction LOG  2.00000E+0000  1.00000E+0001  2.00000E+0001" + f"{'of bacteria':>174} \n"
    "    2    Bob B    1       ice loss uni -9.99500E+0002 -9.99500E+0002 -9.99500E+0002 \n"
    "    2    Bob B    2  log reduction LOG  1.00000E+0000  2.00000E+0000  3.00000E+0000 \n"
)
LITERAL_RLS = f"    1       ice loss  4.700E+0001 uni{'':>174} \n    2  log reduction -9.996E+0002 LOG{'':>174} \n"

Place = tuple[int | None, str | None, object]


@pytest.fixture
def literal(tmp_path):
    (tmp_path / "Two words.DTT").write_text(LITERAL)
    (tmp_path / "Two words.rls").write_text(LITERAL_RLS)
    return read_excalibur(tmp_path / "Two words.DTT")


def refused(path: Path) -> list[tuple[str, Place, str]]:
    """Return file, place and rule of each problem."""
    with pytest.raises(InputError) as caught:
        read_excalibur(path)
    return [(Path(p.file).name, (p.row, p.column, p.value), p.rule) for p in caught.value.problems]


def realised(panel: Panel) -> dict[str, float]:
    """Return the realisation of each seed."""
    questions = panel.questions.dropna(subset="realisation")
    return dict(zip(questions["question"], questions["realisation"], strict=True))


def test_each_column_becomes_what_it_says(literal):
    rows = literal.judgements
    assert literal.name == "Two words"
    assert rows["expert"].tolist() == ["Ann"] * 6 + ["Bob B"] * 3
    assert rows["question"].tolist() == ["ice loss"] * 3 + ["log reduction"] * 6
    assert rows["number"].tolist() == [-50, 0.01, 80, 2, 10, 20, 1, 2, 3]
    assert rows["value"].tolist()[:3] == ["-50", "0.01", "80"]
    assert rows["probability"].tolist() == [0.05, 0.5, 0.95] * 3
    assert set(rows["form"]) == {"quantile"}
    for frame in (rows, literal.experts, literal.questions):
        assert set(frame["source"]) == {"Two words.DTT"}


def test_items_and_experts_become_questions_and_experts(literal):
    assert literal.questions["question"].tolist() == ["ice loss", "log reduction"]
    assert literal.questions["text"].tolist() == ["ice loss", "of bacteria"]
    assert literal.questions["support"].tolist() == ["real", "positive"]
    assert literal.questions["scale"].tolist() == ["uniform", "log"]
    assert realised(literal) == {"ice loss": 47}
    assert literal.experts["expert"].tolist() == ["Ann", "Bob B"]


def test_realisations_are_joined_by_name_whatever_their_number_and_order(tmp_path):
    items = ["wrist", "hip", "burn"]
    lines = [said("e", item, "uni", i, i + 1, i + 2, numbers=(1, i)) for i, item in enumerate(items, 1)]
    truths = [known("burn", 30, place=1), known("wrist", 10, place=2)]
    assert realised(read_excalibur(study(tmp_path, lines, truths))) == {"wrist": 10, "burn": 30}


@pytest.mark.parametrize("token", ["uni", "UNI", "Uni", "log", "LOG", "Log"])
def test_scales_are_read_in_any_case(tmp_path, token):
    path = study(tmp_path, [said("e", "a", token, 1, 2, 3)], [known("a", 2, token.swapcase())])
    panel = read_excalibur(path)
    assert panel.questions["scale"].tolist() == ["log" if token.lower() == "log" else "uniform"]
    assert realised(panel) == {"a": 2}


@pytest.mark.parametrize("item", ["log reduction", "uni log uni", "log", "a UNI  b", "12 1.0E+0003 x", "% (a) - $L"])
def test_names_hold_blanks_and_words_of_the_format(tmp_path, item):
    path = study(tmp_path, [said("uni log", item, "uni", 1, 2, 3)], [known(item, 2, "uni")])
    panel = read_excalibur(path)
    assert panel.questions["question"].tolist() == [item]
    assert panel.experts["expert"].tolist() == ["uni log"]
    assert realised(panel) == {item: 2}


@pytest.mark.parametrize("dtt", [".dtt", ".DTT", ".Dtt"])
@pytest.mark.parametrize("rls", [".rls", ".RLS", ".Rls"])
def test_extensions_are_read_in_any_case(tmp_path, dtt, rls):
    path = study(tmp_path, [said("e", "a", "uni", 1, 2, 3)], [known("a", 2)])
    path.with_suffix(".rls").rename(tmp_path / f"made{rls}")
    panel = read_panel(path.rename(tmp_path / f"made{dtt}"))
    assert realised(panel) == {"a": 2}
    assert panel.judgements["source"].unique().tolist() == [f"made{dtt}"]


@pytest.mark.parametrize(
    ("value", "missing"),
    [(-999.5, True), (-999.6, True), (-1000, True), (-990, True), (-989.999, False), (-1000.01, False)],
)
def test_any_number_from_minus_1000_to_minus_990_is_missing(tmp_path, value, missing):
    lines = [said("e", "a", "uni", value, value, value) if missing else said("e", "a", "uni", value, 0, 1)]
    lines += [said("e", "b", "uni", 1, 2, 3, numbers=(1, 2))]
    panel = read_excalibur(study(tmp_path, lines, [known("a", value), known("b", 2, place=2)]))
    assert len(panel.judgements) == (3 if missing else 6)
    assert realised(panel) == ({"b": 2} if missing else {"a": value, "b": 2})
    assert panel.questions["question"].tolist() == ["a", "b"]


def test_an_item_that_the_realisations_lack_is_a_target(tmp_path):
    lines = [said("e", "a", "uni", 1, 2, 3), said("e", "b", "uni", 1, 2, 3, numbers=(1, 2))]
    assert realised(read_excalibur(study(tmp_path, lines, [known("b", 2)]))) == {"b": 2}
    assert realised(read_excalibur(study(tmp_path, lines, []))) == {}


def test_without_realisations_everything_is_a_target(tmp_path):
    panel = read_excalibur(study(tmp_path, [said("e", "a", "uni", 1, 2, 3)]))
    assert panel.questions["realisation"].isna().all()


def test_who_answers_nothing_is_an_expert_all_the_same(tmp_path):
    lines = [said("e", "a", "uni", 1, 2, 3), said("f", "a", "uni", *[-999.5] * 3, numbers=(2, 1))]
    panel = read_excalibur(study(tmp_path, lines))
    assert panel.experts["expert"].tolist() == ["e", "f"]
    assert panel.judgements["expert"].unique().tolist() == ["e"]


@pytest.mark.parametrize("end", [b"\x1a", b"\r\n\r\n", b"\n   \n\n", b"\r\n\x1a\r\n", b"\n\x1a\x1a"])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_ends_of_files_and_lines_are_no_lines(tmp_path, end, newline):
    path = study(tmp_path, [said("e", "a", "uni", 1, 2, 3)], [known("a", 2)])
    whole = fingerprint(read_excalibur(path))
    for file in (path, path.with_suffix(".rls")):
        file.write_bytes(file.read_bytes().replace(b"\n", newline) + end)
    assert fingerprint(read_excalibur(path)) == whole


def test_text_is_that_of_windows(tmp_path):
    lines = [said("Zoë", "€ inflación", "uni", 1, 2, 3, text="Tasa de «inflación» – “1994”")]
    panel = read_excalibur(study(tmp_path, lines, [known("€ inflación", 2)]))
    assert panel.experts["expert"].tolist() == ["Zoë"]
    assert realised(panel) == {"€ inflación": 2}
    assert panel.questions["text"].tolist() == ["Tasa de «inflación» – “1994”"]
    write_panel(panel, tmp_path / "copy")
    assert fingerprint(read_panel(tmp_path / "copy")) == fingerprint(panel)


def test_the_text_of_an_item_stands_with_any_expert_or_with_the_realisation(tmp_path):
    lines = [
        said("e", "a", "uni", 1, 2, 3),
        said("e", "b", "uni", 1, 2, 3, numbers=(1, 2)),
        said("e", "c", "uni", 1, 2, 3, numbers=(1, 3)),
        said("f", "a", "uni", 1, 2, 3, text="2010 growth, in 1.5 %", numbers=(2, 1)),
    ]
    panel = read_excalibur(study(tmp_path, lines, [known("b", 2, text="of b"), known("c", 2)]))
    assert panel.questions["text"].tolist() == ["2010 growth, in 1.5 %", "of b", "c"]


def test_the_text_of_an_expert_stands_behind_that_of_an_item(tmp_path):
    line = said("e", "a", "uni", 1, 2, 3, text="x" * 173) + f"{'Eve of Emmental':>50}"
    panel = read_excalibur(study(tmp_path, [line]))
    assert panel.experts["name"].tolist() == ["Eve of Emmental"]
    assert panel.questions["text"].tolist() == ["x" * 173]


def test_a_text_that_does_not_end_where_it_should_is_one_text(tmp_path):
    line = said("e", "a", "uni", 1, 2, 3) + "word" * 60
    panel = read_excalibur(study(tmp_path, [line]))
    assert panel.questions["text"].tolist() == ["word" * 60]
    assert panel.experts["name"].tolist() == ["e"]


@pytest.mark.parametrize(
    ("scale", "values", "truth", "support"),
    [
        ("log", [(2, 3, 4)], None, "positive"),
        ("uni", [(1, 5, 10)], None, "real"),
        ("uni", [(1, 5, 10.01)], None, "positive"),
        ("uni", [(1, 2, 3), (30, 40, 50)], 2, "positive"),
        ("uni", [(1, 2, 300)], 0, "real"),
        ("uni", [(1, 2, 300)], -5, "real"),
        ("uni", [(0, 2, 300)], 2, "real"),
        ("uni", [(1, 2, 300), (-1, 2, 3)], 2, "real"),
        ("uni", [(-999.5, -999.5, -999.5)], 2, "real"),
    ],
)
def test_the_support_follows_from_what_was_answered(tmp_path, scale, values, truth, support):
    lines = [said(f"e{i}", "a", scale, *three, numbers=(i, 1)) for i, three in enumerate(values)]
    lines += [said("e0", "other", "uni", 1, 2, 3, numbers=(0, 2))]
    panel = read_excalibur(study(tmp_path, lines, [] if truth is None else [known("a", truth, scale)]))
    assert panel.questions["support"].tolist() == [support, "real"]
    assert panel.questions["scale"].tolist() == ["log" if scale == "log" else "uniform", "uniform"]


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ((-999.5, 2, 3), {0.5: 2, 0.95: 3}),
        ((1, -995, 3), {0.05: 1, 0.95: 3}),
        ((-999.5, 2, -999.5), {0.5: 2}),
        ((-999.5, -999.5, -840), {}),
    ],
)
def test_an_answer_keeps_what_is_not_missing_unless_it_says_nothing(tmp_path, values, kept):
    lines = [said("e", "a", "uni", *values), said("e", "b", "uni", 1, 2, 3, numbers=(1, 2))]
    rows = read_excalibur(study(tmp_path, lines)).judgements
    rows = rows[rows["question"] == "a"]
    assert dict(zip(rows["probability"], rows["number"], strict=True)) == kept


def test_what_remains_of_an_answer_is_checked_as_any_answer(tmp_path):
    path = study(tmp_path, [said("e", "b", "uni", 1, 2, 3), said("e", "a", "uni", 4, -995, 3, numbers=(1, 2))])
    [(file, place, rule)] = refused(path)
    assert (file, place) == ("made.dtt", (3, "value", "3"))
    assert "quantiles cross" in rule


GOOD = said("e", "a", "uni", 1, 2, 3)


@pytest.mark.parametrize(
    ("line", "place", "says"),
    [
        ("garbage", (3, None, "garbage"), "is no line of a .dtt"),
        (said("f", "a", "uni", 1, 2, 3)[1:], (3, None, said("f", "a", "uni", 1, 2, 3)[1:61]), "is no line of a .dtt"),
        (said("f", "a", "uni", 1, 2), (3, "quantiles", "1.00000E+0000 2.00000E+0000"), "has 2 quantiles where the"),
        (said("f", "a", "uni"), (3, "quantiles", ""), "has 0 quantiles where the header names 3"),
        (said("f", "a", "uni", 1, 2, 3, 4), (3, "quantiles", None), "has 4 quantiles where the header names 3"),
        (said("f", "a", "uni", 1, "what", 3), (3, "quantiles", "1.00000E+0000"), "has 1 quantiles where"),
        (said("f", "b", "abc", 1, 2, 3, numbers=(1, 2)), (3, "scale", "abc"), "unknown scale; valid names: uni, log"),
        (said("f", "a", "log", 1, 2, 3), (3, "scale", "log"), "'a' is on the scale uni in line 2"),
        (said("", "a", "uni", 1, 2, 3), (3, "expert", ""), "the expert has no name"),
        (said("f", "", "uni", 1, 2, 3), (3, "item", ""), "the item has no name"),
        (said("e", "a", "uni", 1, 2, 3), (3, "item", "a"), "duplicate: 'e' answers 'a' in line 2 already"),
        (said("e", "b", "uni", 1, 2, 3, numbers=(2, 2)), (3, "expert", "2"), "'e' is expert number 1 in line 2"),
        (said("f", "a", "uni", 1, 2, 3, numbers=(2, 2)), (3, "item", "2"), "'a' is item number 1 in line 2"),
        (said("f", "b", "log", 0, 2, 3, numbers=(2, 2)), (3, "value", "0.00000E+0000"), "'b' is on the log scale"),
        (said("f", "b", "log", 1, -2, 3, numbers=(2, 2)), (3, "value", "-2.00000E+0000"), "is a number above 0"),
        (said("f", "b", "uni", 1, 2, "3.00E+9999", numbers=(2, 2)), (3, "value", "3.00E+9999"), "a finite number"),
        (said("f", "a", "uni", 3, 2, 3.5), (3, "value", "2"), "quantiles cross"),
        (said("f", "a", "uni", 2, 2, 3), (3, "value", "2"), "no width"),
        (said("f", "not a", "uni", 1, 2, 3, numbers=(2, 2)), (3, "question", "not a"), "may not begin with `not `"),
        (said("f", "a\x07b", "uni", 1, 2, 3, numbers=(2, 2)), (3, None, "\x07"), "control characters are no text"),
    ],
)
def test_a_wrong_line_is_located(tmp_path, line, place, says):
    [(file, found, rule)] = refused(study(tmp_path, [GOOD, line], [known("a", 2)]))
    assert file == "made.dtt"
    assert found[:2] == place[:2]
    assert found[2] == place[2] or place[2] is None
    assert says in rule


@pytest.mark.parametrize(
    ("header", "place", "says"),
    [
        ("", (1, None, GOOD[:60]), "is no header; the first line reads like `* CLASS ASCII OUTPUT FILE."),
        ("* CLASS ASCII OUTPUT FILE.", (1, None, "* CLASS ASCII OUTPUT FILE."), "is no header"),
        (HEADER.replace("3", "three"), (1, None, HEADER.replace("3", "three")), "is no header"),
        (HEADER.replace("3", "5"), (1, "QU", "5 50 95"), "names 3 quantiles where NQ is 5"),
        (HEADER.replace("95", "45"), (1, "QU", "5 50 45"), "each above the last"),
        (HEADER.replace("  5  ", "  0  "), (1, "QU", "0 50 95"), "percents between 0 and 100"),
        (HEADER.replace("95", "100"), (1, "QU", "5 50 100"), "percents between 0 and 100"),
    ],
)
def test_a_wrong_header_is_located(tmp_path, header, place, says):
    path = study(tmp_path, [GOOD], [known("nothing", 2)], header)
    if not header:
        path.write_bytes(path.read_bytes().lstrip(b"\n"))
    [(file, found, rule)] = refused(path)
    assert (file, found) == ("made.dtt", place)
    assert says in rule


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty; its first line reads like `* CLASS ASCII OUTPUT FILE."),
        (b"\n\x1a", "is empty"),
        (f"{HEADER}\n".encode(), "has no line below its header"),
    ],
)
def test_an_empty_file_is_refused(tmp_path, content, says):
    (tmp_path / "made.dtt").write_bytes(content)
    [(file, place, rule)] = refused(tmp_path / "made.dtt")
    assert (file, place) == ("made.dtt", (None, None, None))
    assert says in rule


def test_a_study_without_any_answer_is_refused(tmp_path):
    [(file, place, rule)] = refused(study(tmp_path, [said("e", "a", "uni", *[-999.5] * 3)], [known("a", 2)]))
    assert (file, place) == ("made.dtt", (None, None, None))
    assert rule == "holds no answer: every value is missing"


def test_bytes_that_are_no_text_are_located(tmp_path):
    path = study(tmp_path, [GOOD])
    path.write_bytes(path.read_bytes() + b"   1  \x81  \n")
    [(file, place, rule)] = refused(path)
    assert (file, place) == ("made.dtt", (3, None, b"\x81"))
    assert "Windows text" in rule


@pytest.mark.parametrize(
    ("line", "place", "says"),
    [
        ("garbage", (2, None, "garbage"), "is no line of a .rls"),
        (known("a", 2)[:24], (2, None, known("a", 2)[:24]), "is no line of a .rls"),
        (known("a", 3), (2, "item", "a"), "duplicate: the realisation of 'a' stands in line 1"),
        (known("c", 3), (2, "item", "c"), "unknown item of the .dtt; valid names: a, b"),
        (known("b", 3, "uni"), (2, "scale", "uni"), "'b' is on the scale log in the .dtt"),
        (
            known("b", 0, "log"),
            (2, "realisation", "0.00000E+0000"),
            "'b' is on the log scale: a realisation is a number",
        ),
        (known("b", "1.0E+9999", "log"), (2, "realisation", "1.0E+9999"), "a realisation is a finite number"),
    ],
)
def test_a_wrong_realisation_is_located(tmp_path, line, place, says):
    lines = [GOOD, said("e", "b", "log", 1, 2, 3, numbers=(1, 2))]
    [(file, found, rule)] = refused(study(tmp_path, lines, [known("a", 2), line]))
    assert (file, found) == ("made.rls", place)
    assert says in rule


def test_two_files_of_realisations_are_refused(tmp_path):
    path = study(tmp_path, [GOOD], [known("a", 2)])
    (tmp_path / "made.RLS").write_bytes(path.with_suffix(".rls").read_bytes())
    found = refused(path)
    assert [(file, place) for file, place, _ in found] == [
        ("made.RLS", (None, None, None)),
        ("made.rls", (None, None, None)),
    ]
    assert all("beside made.dtt, in different case: keep one" in rule for _, _, rule in found)


def test_problems_of_both_files_come_at_once(tmp_path):
    lines = [
        GOOD,
        "garbage",
        said("f", "a", "uni", 3, 2, 1, numbers=(2, 1)),
        said("e", "b", "xyz", 1, 2, 3, numbers=(1, 2)),
    ]
    found = refused(study(tmp_path, lines, [known("c", 2), known("b", 2, "xyz")]))
    assert [(file, place[0]) for file, place, _ in found] == [
        ("made.dtt", 3),
        ("made.dtt", 4),
        ("made.dtt", 4),
        ("made.dtt", 5),
        ("made.rls", 1),
    ]


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.dtt: no such file"):
        read_panel(tmp_path / "nowhere.dtt")


def test_a_folder_is_a_folder_whatever_its_name(tmp_path, literal):
    write_panel(literal, tmp_path / "folder.dtt")
    assert fingerprint(read_panel(tmp_path / "folder.dtt")) == fingerprint(literal)


def read(path: Path) -> Panel | InputError:
    try:
        return read_excalibur(path)
    except InputError as error:
        return error


EDITS = st.lists(
    st.tuples(
        st.integers(0, 10_000), st.integers(0, 4), st.binary(max_size=4) | st.sampled_from([b"\n", b" ", b"E", b"-9"])
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(suffix=st.sampled_from([".dtt", ".rls"]), edits=EDITS)
def test_a_damaged_file_is_a_panel_or_a_located_problem(tmp_path, suffix, edits):
    (tmp_path / "d.dtt").write_text(LITERAL)
    (tmp_path / "d.rls").write_text(LITERAL_RLS)
    path = tmp_path / f"d{suffix}"
    data = path.read_bytes()
    for place, length, put in edits:
        at = place % (len(data) + 1)
        data = data[:at] + put + data[at + length :]
    path.write_bytes(data)
    outcome = read(tmp_path / "d.dtt")
    if isinstance(outcome, InputError):
        assert outcome.problems
        assert all(Path(problem.file).parent == tmp_path and problem.rule for problem in outcome.problems)
    else:
        assert all(math.isfinite(value) for value in outcome.judgements["number"])
