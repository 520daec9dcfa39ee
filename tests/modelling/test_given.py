"""Known numbers, once and for all or year by year."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest

from blackball.errors import InputError, ModelError
from blackball.inference.derive import derived
from blackball.inference.prior import prior_draws
from blackball.modelling import (
    given,
    given_by_year,
    given_counts,
    given_counts_by_year,
    outcome,
    probability,
    quantities,
)
from blackball.regimes import Regimes
from blackball.regimes.read import parse_regimes

COMMON = 'title = "t"\njurisdiction = "j"\nstart = 2027\nduration = "d"\nheld_fixed = "h"\n'
TEXT = f"""reference = "base"
[regime.base]
{COMMON}[regime.base.sets]
projects = {{ to = 5, source = "s" }}
trust = {{ schedule = {{ 2023 = 0, 2024 = 1, 2026 = 3 }}, source = "s" }}
founders = {{ to = 2, source = "s" }}
[regime.strict]
{COMMON}[regime.strict.sets]
projects = {{ schedule = {{ 2025 = 4, 2027 = 1 }}, source = "s" }}
"""
YEARS = [2025, 2026, 2030]


def regimes(old: str = "", new: str = "") -> Regimes:
    assert old in TEXT
    return parse_regimes(TEXT.replace(old, new) if old else TEXT, "r.toml")


def model() -> pm.Model:
    return pm.Model(coords={"regime": ["base", "strict"]})


def test_numbers_by_year_are_data_of_the_model() -> None:
    with model() as built:
        variable = given_by_year("projects", regimes(), YEARS, within=(1, 1000))
    assert variable.type.dims == ("regime", "year")
    assert built["projects"].get_value().tolist() == [[5, 5, 5], [4, 4, 1]]
    assert list(built.coords["year"]) == YEARS
    assert (variable.tag.given.within, variable.tag.given.years) == ((1, 1000), tuple(YEARS))


def test_numbers_by_year_reach_the_outcomes() -> None:
    with model() as built:
        bad = quantities({"bad": probability((0.1, 0.4), source="s")})["bad"]
        outcome("any", 1 - (1 - bad) ** given_by_year("projects", regimes(), YEARS))
    found = derived(built, prior_draws(built, 50, 1))
    assert found["any"].dims == ("chain", "draw", "regime", "year")
    expected = 1 - (1 - found["bad"]) ** 4
    np.testing.assert_allclose(found["any"].sel(regime="strict", year=2026), expected, rtol=1e-12)


def test_counts_by_year_are_plain_numbers_and_recorded_all_the_same() -> None:
    with model() as built:
        seats = given_counts_by_year({"trust": "trust", "own": "founders"}, "bloc", regimes(), YEARS)
    assert seats.dims == ("bloc", "regime", "year")
    assert seats.sel(bloc="trust", regime="strict").values.tolist() == [1, 3, 3]
    assert seats.sel(bloc="own", regime="base").values.tolist() == [2, 2, 2]
    assert {"trust", "founders"} <= set(built.named_vars)
    assert built["trust"].tag.given.whole


def test_two_readings_share_their_years() -> None:
    with model() as built:
        given_by_year("projects", regimes(), YEARS)
        with pytest.raises(ValueError, match="year"):
            given_by_year("founders", regimes(), [2025])
    assert "projects" in built.named_vars


def test_a_schedule_is_refused_where_one_number_is_needed() -> None:
    rule = r"r\.toml, regime\.strict\.sets\.projects\.schedule: a schedule over the years, where one number"
    with model(), pytest.raises(InputError, match=rule):
        given("projects", regimes())
    with model(), pytest.raises(InputError, match=r"regime\.base\.sets\.trust\.schedule"):
        given_counts(["trust", "founders"], "bloc", regimes())


def test_a_year_before_the_schedule_is_refused() -> None:
    with model(), pytest.raises(InputError, match=r"strict\.sets\.projects\.schedule has 2025: begins after 2024"):
        given_by_year("projects", regimes(), [2024, 2025])


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("2027 = 1 }", "2027 = 0 }", r"strict\.sets\.projects\.schedule\.2027 has 0\.0: must lie in \[1, 1000\]"),
        ("to = 5", "to = 2000", r"base\.sets\.projects\.to has 2000\.0: must lie in \[1, 1000\]"),
    ],
)
def test_a_number_outside_its_range_is_refused_where_it_stands(old: str, new: str, place: str) -> None:
    with model(), pytest.raises(InputError, match=place):
        given_by_year("projects", regimes(old, new), YEARS, within=(1, 1000))


def test_every_count_that_is_none_is_told_at_once() -> None:
    wrong = parse_regimes(TEXT.replace("2026 = 3", "2026 = 2.5").replace("to = 2,", "to = -2,"), "r.toml")
    with model(), pytest.raises(InputError) as caught:
        given_counts_by_year(["trust", "founders"], "bloc", wrong, YEARS)
    found = [(problem.column, problem.value, problem.rule) for problem in caught.value.problems]
    rule = "must be a whole number, at least 0"
    assert found == [
        ("regime.base.sets.trust.schedule.2026", 2.5, rule),
        ("regime.base.sets.founders.to", -2, rule),
    ]


def test_counts_for_all_years_are_whole_numbers_too() -> None:
    with model(), pytest.raises(InputError, match=r"base\.sets\.founders\.to has 2\.5: must be a whole number"):
        given_counts(["founders"], "bloc", regimes("to = 2,", "to = 2.5,"))


def test_a_count_that_follows_from_the_ends_of_a_way_has_to_be_whole() -> None:
    path = f'[regime.path]\n{COMMON}between = ["base", "strict"]\nstrictness = 0.5\n'
    ways = parse_regimes(TEXT.replace("schedule = { 2025 = 4, 2027 = 1 }", "to = 4") + path, "r.toml")
    rule = r"regime\.path\.sets\.projects\.to has 4\.47.*whole number, at least 0; the number follows .* set it here"
    with model(), pytest.raises(InputError, match=rule):
        given_counts(["projects"], "bloc", ways)


def test_a_number_by_year_needs_years_and_a_reference() -> None:
    with model(), pytest.raises(ModelError, match="projects: a number by year needs at least one year"):
        given_by_year("projects", regimes(), [])
    with model(), pytest.raises(ModelError, match=r"the reference regime `base` does not set \(it sets: founders, "):
        given_by_year("window", regimes(), YEARS)


@pytest.mark.parametrize(
    ("name", "within", "words"),
    [
        ("projects", (1.0, 1000.0), "a number in [1, 1000]"),
        ("projects", (0.0, float("inf")), "a number, at least 0"),
        ("projects", (-float("inf"), float("inf")), "a number"),
    ],
)
def test_what_a_number_may_be_is_said(name: str, within: tuple[float, float], words: str) -> None:
    with model():
        assert str(given_by_year(name, regimes(), YEARS, within).tag.given) == words
