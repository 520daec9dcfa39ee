"""Regimes between two others."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackball.errors import InputError
from blackball.regimes.read import parse_regimes
from tests.regimes.conftest import HEAD

ENDS = f"""reference = "now"
[regime.now]
{HEAD}[regime.now.sets]
projects = {{ to = 5, source = "illustrative: as today" }}
delay = {{ to = 4, source = "Ann (2024)" }}
seats = {{ to = 2, source = "Ann (2024)" }}
idle = {{ to = 0, source = "Ann (2024)" }}
[regime.race]
{HEAD}[regime.race.sets]
projects = {{ to = 8, source = "Ann (2024)" }}
idle = {{ to = 0, source = "Ann (2024)" }}
[regime.race.shifts]
pace = {{ times = [1, 2], source = "Ann (2024)" }}
misaligned = {{ odds = [1, 4], competence = 0.4, source = "illustrative: haste" }}
lead = {{ plus = [-1, 3], source = "Ann (2024)" }}
[regime.one]
{HEAD}[regime.one.sets]
projects = {{ to = 2, source = "Ben (2025)" }}
delay = {{ to = 1, source = "Ben (2025)" }}
seats = {{ to = 3, source = "Ben (2025)" }}
idle = {{ to = 2, source = "Ann (2024)" }}
[regime.one.shifts]
pace = {{ times = [4, 8], competence = -0.2, source = "Ben (2025)" }}
breach = {{ odds = [0.25, 1], source = "Ben (2025)" }}
"""
PATH = f"""[regime.path]
{HEAD}between = ["race", "one"]
strictness = STRICTNESS
"""
ITSELF = "this regime has to state it itself"
PARAMETERS = ("projects", "delay", "seats", "idle")
SHIFTED = ("pace", "misaligned", "lead", "breach")
strictness = st.floats(0, 1)


def between(strictness, own="", ends=ENDS):
    return parse_regimes(ends + PATH.replace("STRICTNESS", f"{strictness:.17g}") + own, "some.toml")


@pytest.mark.parametrize(("strictness", "end"), [(0, "race"), (1, "one")])
def test_the_ends_of_the_way_are_the_ends(strictness, end):
    regimes = between(strictness)
    for name in PARAMETERS:
        setting = regimes.setting(name)
        assert setting.sel(regime="path").item() == setting.sel(regime=end).item()
    for name in SHIFTED:
        shift = regimes.shift(name)
        for moment in (shift.centre, shift.sd, shift.competence):
            assert moment.sel(regime="path").item() == moment.sel(regime=end).item()


def test_half_way_is_half_way_on_the_link_scale():
    regimes = between(0.5)
    row = regimes.effective["path"]
    assert row.sets["projects"].to == pytest.approx(4)  # of 8 and 2
    assert row.sets["delay"].to == pytest.approx(2)  # the race is silent, and the reference has 4
    assert row.sets["seats"].to == pytest.approx(sqrt(6))
    assert row.sets["idle"].to == 1  # 0 has no logarithm
    assert row.shifts["pace"].interval == pytest.approx((2, 4))
    assert row.shifts["misaligned"].interval == pytest.approx((1, 2))  # the one project leaves it alone
    assert row.shifts["lead"].interval == pytest.approx((-0.5, 1.5))
    assert row.shifts["breach"].interval == pytest.approx((0.5, 1))
    assert regimes.shift("misaligned").centre.sel(regime="path").item() == pytest.approx(log(2) / 2)
    assert [row.shifts[name].competence for name in SHIFTED] == [-0.1, 0.2, 0, 0]


def test_sources_say_what_the_numbers_are():
    row = between(0.25).effective["path"]
    said = "between race and one at strictness 0.25"
    assert row.sets["projects"].source == f"{said}: Ann (2024); Ben (2025)"
    assert row.sets["idle"].source == f"{said}: Ann (2024)"
    assert row.shifts["misaligned"].source == f"illustrative: {said}"
    assert between(0.25).illustrative("path") == ("misaligned",)
    silent = ENDS.replace('projects = { to = 8, source = "Ann (2024)" }\n', "")
    assert between(0.25, ends=silent).illustrative("path") == ("projects", "misaligned")


@settings(deadline=None)
@given(strictness, strictness)
def test_what_rises_from_end_to_end_rises_with_strictness(one, other):
    low, high = (between(s) for s in sorted((one, other)))
    for name, sign in (("projects", -1), ("delay", -1), ("seats", 1), ("idle", 1)):
        steps = sign * (high.setting(name) - low.setting(name)).sel(regime="path").item()
        assert steps >= -1e-12
    for name, sign in (("pace", 1), ("misaligned", -1), ("breach", -1)):
        assert sign * (high.shift(name).centre - low.shift(name).centre).sel(regime="path").item() >= -1e-12


def test_what_a_path_states_itself_stands():
    own = (
        '[regime.path.sets]\nseats = { to = 2, source = "s" }\n[regime.path.shifts]\nlead = { plus = 9, source = "s" }'
    )
    row = between(0.5, own).effective["path"]
    assert (row.sets["seats"].to, row.shifts["lead"].interval) == (2, (9, 9))
    assert row.sets["projects"].to == pytest.approx(4)


def test_schedules_are_walked_year_by_year():
    ends = ENDS.replace("projects = { to = 8", "projects = { schedule = { 2027 = 8, 2029 = 32 }")
    by_year = between(0.5, ends=ends).setting_by_year("projects", [2027, 2028, 2029])
    assert by_year.sel(regime="path").values == pytest.approx([4, 4, 8])
    later = ends.replace("projects = { to = 2", "projects = { schedule = { 2026 = 1, 2028 = 2 }")
    regimes = between(0.5, ends=later)
    assert dict(regimes.effective["path"].sets["projects"].schedule or {}) == pytest.approx(
        {2027: 8**0.5, 2028: 4, 2029: 8}
    )
    end = between(0, ends=ends.replace("projects = { to = 2", "projects = { schedule = { 2040 = 2 }"))
    own = end.effective["path"].sets["projects"]
    assert own.schedule == end.effective["race"].sets["projects"].schedule


def test_what_lies_between_is_a_regime_like_any_other():
    regimes = between(0.5)
    assert regimes.names == tuple(regimes.effective) == ("now", "race", "one", "path")
    assert not regimes.rows["path"].sets  # as the file states it
    assert {"pace", "breach", "projects"} <= regimes.parameters
    assert np.isfinite(regimes.shift("breach").sd).all()


def refused(old, new, text=ENDS + PATH):
    assert old in text
    with pytest.raises(InputError) as caught:
        parse_regimes(text.replace(old, new).replace("STRICTNESS", "0.5"), "some.toml")
    assert {problem.file for problem in caught.value.problems} == {"some.toml"}
    return [(problem.column, problem.value, problem.rule) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("ends", "value", "rule"),
    [
        ('["rce", "one"]', "rce", "is no regime of this file (valid: now, race, one)"),
        ('["path", "one"]', "path", "lies between others itself; an end states its own parameters"),
        ('["one", "one"]', ["one", "one"], "the ends are two different regimes"),
    ],
)
def test_the_ends_are_two_other_regimes(ends, value, rule):
    assert refused('["race", "one"]', ends) == [("regime.path.between", value, rule)]


def test_an_end_between_others_is_refused():
    second = PATH.replace("regime.path", "regime.second").replace('"race"', '"path"')
    rule = "lies between others itself; an end states its own parameters"
    assert refused("STRICTNESS", "0.5", ENDS + PATH + second) == [("regime.second.between", "path", rule)]


def test_the_reference_lies_between_no_others():
    found = refused('reference = "now"', 'reference = "path"')
    assert ("regime.path.between", None, "the reference lies between no others: they are stated against it") in found


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (
            "pace = { times = [1, 2],",
            "pace = { odds = [1, 2],",
            "the ends shift `pace` by odds and times, but a parameter takes one kind of effect",
        ),
        ("lead = { plus", "delay = { plus", f"one end sets `delay` and the other shifts it; {ITSELF}"),
        (
            'seats = { to = 2, source = "Ann (2024)" }\n',
            "",
            f"one end sets `seats`, the other and the reference do not; {ITSELF}",
        ),
    ],
)
def test_ends_that_cannot_be_compared_are_refused_unless_the_path_says(old, new, rule):
    ((key, value, said),) = refused(old, new)
    assert (key, value, said) == ("regime.path.between", None, rule)
    name = said.split("`")[1]
    table, entry = ("shifts", "times = 2") if name == "pace" else ("sets", "to = 1")
    own = f"[regime.path.{table}]\n{name} = {{ {entry}, source = 's' }}\n"
    assert between(0.5, own, ENDS.replace(old, new)).names[-1] == "path"


def test_paths_are_checked_whatever_else_is_wrong():
    found = refused(
        "start = 2027\n", "", ENDS + PATH.replace("start = 2027", "start = 2028").replace('"one"]', '"oen"]')
    )
    assert [key for key, _, _ in found] == [f"regime.{name}.start" for name in ("now", "race", "one")] + [
        "regime.path.between"
    ]
