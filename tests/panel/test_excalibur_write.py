from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blackball.errors import InputError, SetupError
from blackball.panel import Panel, panel_of, read_excalibur, read_panel, write_excalibur
from blackball.panel.schema import EXPERTS, JUDGEMENTS, QUESTIONS
from blackball.panel.table import as_table

ANSWER = "ann,size,,,,quantile,.05,1,s\nann,size,,,,quantile,.5,2,s\nann,size,,,,quantile,.95,30,s\n"
DRIFT = ANSWER.replace("size", "drift")


def problems(panel: Panel, target: Path) -> list[tuple[str, int | None, str | None, object, str]]:
    """Return where and why a panel is refused, and check that it leaves nothing."""
    before = sorted(target.parent.iterdir())
    with pytest.raises(InputError) as caught:
        write_excalibur(panel, target)
    assert sorted(target.parent.iterdir()) == before
    return [(p.file, p.row, p.column, p.value, p.rule) for p in caught.value.problems]


def lines(path: Path) -> list[str]:
    return path.read_bytes().decode("cp1252").split("\n")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "x.dtt"


def test_files_are_written_in_the_columns_of_excalibur(panel, target):
    rows = ANSWER + "cyd,doom,,,,quantile,.05,.001,s\ncyd,doom,,,,quantile,.5,.01,s\ncyd,doom,,,,quantile,.95,1,s\n"
    assert write_excalibur(panel(rows), target) == [target, target.with_suffix(".rls")]
    said, known = lines(target), lines(target.with_suffix(".rls"))
    no_number = " -9.99500E+0002"
    assert said[0] == "* CLASS ASCII OUTPUT FILE. NQ=   3   QU=   5  50  95"
    assert said[1] == (
        f"    1      ann    1           doom UNI{no_number * 3}" + f"{'Catastrophe by 2050?':>174} {'Ann':>50}"
    )
    assert said[3] == (
        "    1      ann    3           size LOG  1.00000E+0000  2.00000E+0000  3.00000E+0001"
        f"{'How many projects?':>174} "
    )
    assert said[7] == f"    2      bob    2          cause UNI{no_number * 3} "
    assert said[11] == (
        "    3      cyd    1           doom UNI  1.00000E-0003  1.00000E-0002  1.00000E+0000"
        f"{'Catastrophe by 2050?':>174} {'Cyd':>50}"
    )
    assert (len(said), said[-1]) == (17, "")
    assert known == [
        f"    1           doom{no_number} UNI{'Catastrophe by 2050?':>174} ",
        f"    2          cause{no_number} UNI{'A misaligned system?':>174} ",
        f"    3           size  4.00000E+0000 LOG{'How many projects?':>174} ",
        f"    4          share{no_number} UNI{'Share of compute?':>174} ",
        f"    5          drift  1.50000E+0000 UNI{'Change of temperature?':>174} ",
        "",
    ]


def test_what_is_written_is_read(panel, target):
    written = panel(ANSWER + DRIFT)
    read = read_excalibur(write_excalibur(written, target)[0])
    assert read.judgements["number"].tolist() == written.judgements["number"].tolist()
    assert read.experts["name"].tolist() == ["Ann", "bob", "Cyd"]
    assert read.questions["text"].tolist() == written.questions["text"].tolist()
    assert read.questions["scale"].tolist() == ["uniform", "uniform", "log", "uniform", "uniform"]
    assert read.questions["realisation"].dropna().tolist() == [4, 1.5]


def test_the_scale_of_a_positive_question_decides(write, target):
    questions = "question,text,support,scale,source\na,A,positive,uniform,s\nb,B,positive,log,s\nc,C,positive,,s\n"
    folder = write(ANSWER.replace("size", "a"), questions=questions)
    write_excalibur(read_panel(folder), target)
    assert [line[36:39] for line in lines(target.with_suffix(".rls"))[:-1]] == ["UNI", "LOG", "LOG"]


def test_of_several_rounds_the_last_counts(panel, target):
    odd = "ann,size,,,1,interval,best,9,s\nann,size,,,1,interval,low,8,s\nann,size,,,1,interval,high,9.5,s\n"
    first = odd + "ann,size,,,1,interval,confidence,.8,s\n"
    read = read_excalibur(write_excalibur(panel(first + ANSWER.replace(",,,,", ",,,2,")), target)[0])
    assert read.judgements["number"].tolist() == [1, 2, 30]


def test_an_answer_may_lack_levels_of_the_others(panel, target):
    rows = ANSWER + "bob,size,,,,quantile,.5,7,s\ncyd,size,,,,quantile,.05,7,s\ncyd,size,,,,quantile,.95,8,s\n"
    read = read_excalibur(write_excalibur(panel(rows), target)[0]).judgements
    assert list(zip(read["expert"], read["probability"], read["number"], strict=True))[3:] == [
        ("bob", 0.5, 7),
        ("cyd", 0.05, 7),
        ("cyd", 0.95, 8),
    ]


@pytest.mark.parametrize(("name", "other"), [("x.dtt", "x.rls"), ("x.DTT", "x.RLS"), ("a.b.Dtt", "a.b.rls")])
def test_the_extension_may_be_written_in_any_case(panel, tmp_path, name, other):
    assert [path.name for path in write_excalibur(panel(ANSWER), tmp_path / "new" / name)] == [name, other]
    assert len(read_panel(tmp_path / "new" / name).judgements) == 3


def test_files_of_the_same_name_are_replaced(panel, target):
    target.write_text("old")
    target.with_suffix(".rls").write_text("old")
    write_excalibur(panel(ANSWER), target)
    assert len(read_panel(target).judgements) == 3
    assert sorted(path.name for path in target.parent.iterdir()) == ["x.dtt", "x.rls"]


@pytest.mark.parametrize(
    ("row", "column", "value", "says"),
    [
        ("ann,doom,pause,,,quantile,.5,.1,s", "regime", "pause", "knows no regimes"),
        ("ann,doom,,cause,,quantile,.5,.1,s", "given", "cause", "knows nothing that is given"),
        ("ann,doom,,,,point,,.1,s", "form", "point", "of the form quantile alone"),
        ("ann,doom,,,,odds,,1:19,s", "form", "odds", "of the form quantile alone"),
        ("ann,drift,,,,chips,0:1,3,s", "form", "chips", "of the form quantile alone"),
        ("ann,doom,,,,quantile,.500001,.1,s\nann,doom,,,,quantile,.6,.2,s", "level", ".500001", "in whole percents"),
        ("ann,drift,,,,quantile,.5,-995,s", "value", "-995", "every number from -1000 to -990 as missing"),
        ("ann,drift,,,,quantile,.5,-989.9999,s", "value", "-989.9999", "every number from -1000 to -990 as missing"),
    ],
)
def test_what_the_format_cannot_hold_is_located(panel, target, row, column, value, says):
    found = problems(panel(ANSWER + row + "\n"), target)
    assert ("out/judgements", 5, column, value) in [("out/judgements", *place[1:4]) for place in found]
    assert all(file.endswith("/judgements") for file, *_ in found)
    assert any(says in rule for *_, rule in found)


def test_a_ratio_is_refused_for_its_form_and_regimes(panel, target):
    found = problems(panel(ANSWER + "ann,doom,pause,quo,,ratio,,.6,s\n"), target)
    assert [(row, column, value) for _, row, column, value, _ in found] == [
        (5, "regime", "pause"),
        (5, "given", "quo"),
        (5, "form", "ratio"),
    ]


def test_an_interval_is_refused_in_each_of_its_rows(panel, target):
    parts = {"best": 3, "low": 2, "high": 4, "confidence": 0.9}
    rows = "".join(f"bob,size,,,,interval,{part},{value},s\n" for part, value in parts.items())
    found = problems(panel(ANSWER + rows), target)
    assert [(row, column, value) for _, row, column, value, _ in found] == [
        (row, "form", "interval") for row in range(5, 9)
    ]


def test_answers_at_other_levels_are_located(panel, target):
    rows = "".join(f"bob,size,,,,quantile,{level},{value},s\n" for level, value in ((".1", 1), (".5", 2), (".9", 3)))
    found = problems(panel(ANSWER + ANSWER.replace("ann", "cyd") + rows), target)
    assert [(row, column, value) for _, row, column, value, _ in found] == [(8, "level", ".1"), (10, "level", ".9")]
    assert all("at the same levels, here 0.05, 0.5, 0.95" in rule for *_, rule in found)


def test_quantiles_that_six_digits_do_not_tell_apart_are_located(panel, target):
    rows = ANSWER.replace("30", "2.000001")
    [(_, row, column, value, rule)] = problems(panel(rows), target)
    assert (row, column, value) == (4, "value", "2.000001")
    assert "six digits" in rule


def test_equal_quantiles_of_a_probability_are_located(panel, target):
    rows = ANSWER.replace("size", "doom").replace("30", ".2").replace(",1,s", ",.1,s").replace(",2,s", ",.1,s")
    [(_, row, column, value, _)] = problems(panel(rows), target)
    assert (row, column, value) == (3, "value", ".1")


def test_names_and_texts_that_do_not_fit_are_refused_and_not_cut(write, target):
    experts = f"expert,name,source\nann,{'n' * 51},s\nprofessor_a,,s\nprofessor_b,,s\n"
    questions = f"question,text,support,source\nsize,{'t' * 174},real,s\nhow many of them,日本,real,s\n"
    found = problems(read_panel(write(ANSWER, experts, questions)), target)
    name = target.parents[1].name
    assert [place[:3] for place in found] == [
        (f"{name}/experts", 3, "expert"),
        (f"{name}/experts", 4, "expert"),
        (f"{name}/experts", 2, "name"),
        (f"{name}/questions", 3, "question"),
        (f"{name}/questions", 2, "text"),
        (f"{name}/questions", 3, "text"),
    ]
    rules = [rule for *_, rule in found]
    assert rules[0] == "the format has room for 8 characters, in which it has to differ from 'professor_b'"
    assert rules[2:5] == [f"the format has room for {width} characters" for width in (50, 14, 173)]
    assert "code page 1252" in rules[5]


def test_a_text_with_a_line_break_is_refused(write, target):
    questions = 'question,text,support,source\nsize,"two\nlines",real,s\n'
    [(file, row, column, value, rule)] = problems(read_panel(write(ANSWER, questions=questions)), target)
    assert (file.endswith("/questions"), row, column, value) == (True, 2, "text", "two\nlines")
    assert "on one line" in rule


def test_a_realisation_that_reads_as_missing_is_refused(write, target):
    questions = "question,text,support,realisation,source\nsize,?,real,-999,s\n"
    [(_, row, column, value, rule)] = problems(read_panel(write(ANSWER, questions=questions)), target)
    assert (row, column, value) == (2, "realisation", "-999")
    assert "missing" in rule


def test_every_reason_comes_at_once(write, target):
    questions = "question,text,support,source\nsize,?,real,s\na rather long id,?,real,s\n"
    rows = ANSWER + "ann,a rather long id,,,,point,,3,s\nann,a rather long id,pause,,,quantile,.5,3,s\n"
    found = problems(read_panel(write(rows, questions=questions)), target)
    assert [(row, column) for _, row, column, *_ in found] == [(3, "question"), (5, "form"), (6, "regime")]


def test_a_path_that_ends_otherwise_is_refused(panel, tmp_path):
    with pytest.raises(InputError, match=r"x\.txt: a study of Excalibur ends in \.dtt"):
        write_excalibur(panel(ANSWER), tmp_path / "x.txt")


def test_a_twin_in_another_case_is_refused(panel, target):
    (target.parent / "X.RLS").write_text("old")
    [(file, *_, rule)] = problems(panel(ANSWER), target)
    assert (Path(file).name, rule) == ("X.RLS", "would stand beside x.rls")


def test_a_place_that_cannot_be_written_is_told(panel, tmp_path):
    (tmp_path / "file").write_text("precious")
    with pytest.raises(SetupError, match="cannot be written"):
        write_excalibur(panel(ANSWER), tmp_path / "file" / "x.dtt")
    assert (tmp_path / "file").read_text() == "precious"


def names(most: int) -> st.SearchStrategy[str]:
    letters = st.characters(codec="cp1252", exclude_categories=["Cc"])
    return st.text(letters, min_size=1, max_size=most).filter(lambda name: name == name.strip() and name[:4] != "not ")


def numbers(positive: bool) -> st.SearchStrategy[float]:
    """Numbers of six digits or fewer that do not read as missing."""
    mantissas = st.integers(1 if positive else -999_999, 999_999)
    made = st.builds(lambda mantissa, power: float(f"{mantissa}e{power}"), mantissas, st.integers(-9, 9))
    return made.filter(lambda number: not -1000 <= number <= -990)


@st.composite
def fitting(draw: st.DrawFn) -> Panel:
    """Draw panels that the format can hold."""
    experts = draw(st.lists(names(8), min_size=1, max_size=4, unique=True))
    items = draw(st.lists(names(14), min_size=1, max_size=4, unique=True))
    percents = sorted(draw(st.sets(st.integers(1, 99), min_size=2, max_size=5)))
    kinds = [draw(st.sampled_from([("positive", "log"), ("positive", "uniform"), ("real", "uniform")])) for _ in items]
    rows, asked = [], []
    for item, (support, scale) in zip(items, kinds, strict=True):
        inside = numbers(support == "positive")
        for expert in experts:
            count = len(percents) if draw(st.booleans()) or not rows else 0
            values = sorted(draw(st.lists(inside, min_size=count, max_size=count, unique=True)))
            at = zip(percents, values, strict=bool(count))
            rows += [(expert, item, "", "", 1, "quantile", percent / 100, value, "s") for percent, value in at]
        truth = draw(st.none() | inside)
        asked.append((item, draw(names(173)), "", "", support, scale, "", "", "", truth, "s"))
    people = [(expert, draw(names(50)), "", "", "s") for expert in experts]
    frames = zip((rows, people, asked), (JUDGEMENTS, EXPERTS, QUESTIONS), strict=True)
    return panel_of("made", *(as_table(pd.DataFrame(rows, columns=[*s.columns]), s, s.name) for rows, s in frames))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(panel=fitting())
def test_made_panels_come_back(panel):
    with tempfile.TemporaryDirectory() as folder:
        once = read_excalibur(write_excalibur(panel, Path(folder) / "once.dtt")[0])
        twice = read_excalibur(write_excalibur(once, Path(folder) / "once.dtt")[0])
    said = ["expert", "question", "probability", "number"]
    sort = {"by": said, "ignore_index": True}
    pd.testing.assert_frame_equal(once.judgements[said].sort_values(**sort), panel.judgements[said].sort_values(**sort))
    assert once.experts[["expert", "name"]].equals(panel.experts[["expert", "name"]])
    kept = ["question", "text", "scale", "realisation"]
    assert once.questions[kept].equals(panel.questions[kept])
    for frame in ("judgements", "experts", "questions"):
        pd.testing.assert_frame_equal(getattr(twice, frame), getattr(once, frame))
