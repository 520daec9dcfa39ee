from __future__ import annotations

import pytest

from blackball.errors import InputError
from blackball.regimes import read_regimes
from tests.regimes.conftest import TEXT

ODDS = "regime.race.shifts.misaligned.odds"
TO = "regime.race.sets.projects.to"
SCHEDULE = "regime.race.sets.projects.schedule"
PACE = "regime.race.shifts.pace"
WALKS = "between = ['race', 'now']\nstrictness = {}\n[regime.pause.sets]"


@pytest.mark.parametrize(
    ("old", "new", "key", "value", "rule"),
    [
        ("title =", "tilte = 'x'\ntitle =", "regime.race.tilte", "x", "did you mean 'title'? (valid: title, "),
        ("to = 8,", "to = 8, two = 9,", f"{TO[:-3]}.two", 9, "(valid: to, schedule, source)"),
        ("times = 2,", "time = 3, times = 2,", "regime.race.shifts.pace.time", 3, "(valid: odds, times, plus, "),
        ("reference =", "referenc = 'now'\nreference =", "referenc", "now", "(valid: regime, reference)"),
        ('"now"', '"later"', "reference", "later", "is no regime of this file (valid: race, now, pause)"),
        ('"now"', '"race"', "reference", "race", "shifts misaligned, pace, lead, but shifts are stated"),
        ("odds = [1, 4]", "odds = [4, 1]", ODDS, [4, 1], "low end must not exceed its high end"),
        ("odds = [1, 4]", "odds = [0, 4]", ODDS, [0, 4], "a factor must be greater than 0"),
        ("times = 2", "times = -2", "regime.race.shifts.pace.times", -2, "a factor must be greater than 0"),
        ("plus = [-1, 3]", "plus = [-inf, 3]", "regime.race.shifts.lead.plus.0", -float("inf"), "finite"),
        ("to = 8", "to = inf", TO, float("inf"), "must be a finite number"),
        ("to = 8", 'to = "8"', TO, "8", "valid number"),
        ("to = 8", "to = true", TO, True, "valid number"),
        ("to = 8", "schedule = { 2027 = 0, soon = 1 }", f"{SCHEDULE}.soon", "soon", "a calendar year has four digits"),
        ("to = 8", "schedule = { 27 = 0 }", f"{SCHEDULE}.27", "27", "a calendar year has four digits"),
        ("to = 8", "schedule = { 2027 = nan }", f"{SCHEDULE}.2027", None, "must be a finite number"),
        ("to = 8", "schedule = { 2027 = 'one' }", f"{SCHEDULE}.2027", "one", "valid number"),
        ("times = 2,", "times = 2, competence = inf,", f"{PACE}.competence", float("inf"), "must be a finite number"),
        ("[regime.pause.sets]", WALKS.format(-0.5), "regime.pause.strictness", -0.5, "must lie in [0, 1]"),
        ("[regime.pause.sets]", WALKS.format(1.5), "regime.pause.strictness", 1.5, "must lie in [0, 1]"),
        ("[regime.pause.sets]", WALKS.format("nan"), "regime.pause.strictness", None, "must be a finite number"),
        ("start = 2027", "start = 2027.5", "regime.race.start", 2027.5, "valid integer"),
        ('"illustrative: entry is free"', '""', f"{TO[:-3]}.source", "", "at least 1 character"),
        ("projects =", '"two words" =', "regime.race.sets.two words", "two words", "a name has letters"),
    ],
)
def test_a_wrong_value_is_located(refusals, old, new, key, value, rule):
    (problem,) = [problem for problem in refusals(old, new) if problem.column == key]
    assert problem.file == "some.toml"
    assert problem.value == value or (value is None and problem.value != problem.value)
    assert rule in problem.rule


@pytest.mark.parametrize(
    ("old", "new", "key", "rule"),
    [
        ("[regime.race.shifts]", "[regime.race.shifts]\nprojects = { plus = 1, source = 's' }", "regime.race",
         "projects: a parameter is either set or shifted, not both"),
        ("times = 2", "times = 2, odds = 3", "regime.race.shifts.pace", "exactly one effect: odds, times or plus"),
        ("times = 2, ", "", "regime.race.shifts.pace", "exactly one effect: odds, times or plus"),
        ("to = 8, ", "", "regime.race.sets.projects", "exactly one of `to`, a number, and `schedule`"),
        ("to = 8,", "to = 8, schedule = { 2027 = 1 },", "regime.race.sets.projects", "exactly one of `to`, a number"),
        ("to = 8", "schedule = {}", SCHEDULE, "a schedule has at least one year"),
        ("to = 8", "schedule = { 2028 = 1, 2027 = 2 }", SCHEDULE, "the years of a schedule go forwards"),
        ("[regime.pause.sets]", "strictness = 0.5\n[regime.pause.sets]", "regime.pause", "go together"),
        ("[regime.pause.sets]", "between = ['race', 'now']\n[regime.pause.sets]", "regime.pause", "go together"),
        ('jurisdiction = "everywhere"\n', "", "regime.race.jurisdiction", "is missing"),
        ('reference = "now"', "", "reference", "is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_is_located(refusals, old, new, key, rule):
    (problem,) = refusals(old, new)
    assert (problem.file, problem.column, problem.value) == ("some.toml", key, None)
    assert rule in problem.rule


def test_all_problems_are_told_at_once(refusals):
    problems = refusals("to = 8", "to = nan, two = 3")
    assert [problem.column for problem in problems] == [TO, f"{TO[:-3]}.two"]


def test_a_year_said_twice_is_no_toml(refusals):
    (problem,) = refusals("to = 8", "schedule = { 2027 = 1, 2027 = 2 }")
    assert problem.rule.startswith("is not valid TOML")


def test_what_is_no_toml_is_located_by_line(refusals):
    (problem,) = refusals("[regime.race]", "[regime.race")
    assert problem.rule.startswith("is not valid TOML")
    assert "line 3" in problem.rule


@pytest.mark.parametrize(
    ("content", "rule"), [(None, "cannot be read: No such file"), (b"\xff\xfe", "is not UTF-8 text")]
)
def test_what_cannot_be_read_is_said(tmp_path, content, rule):
    path = tmp_path / "r.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_regimes(path)
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    assert rule in problem.rule


def test_a_folder_is_no_regimes_file(tmp_path):
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read_regimes(tmp_path)


def test_the_text_is_kept(tmp_path):
    path = tmp_path / "r.toml"
    path.write_text(TEXT)
    read = read_regimes(path)
    assert (read.text, read.source) == (TEXT, str(path))
