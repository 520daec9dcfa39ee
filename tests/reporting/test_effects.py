"""What regimes do to parameters, as people read it."""

from __future__ import annotations

from io import StringIO

import pymc as pm
import pytest
from rich.console import Console, RenderableType

from blackball.modelling import given, given_by_year, given_counts, positive, probability, quantities, real
from blackball.regimes import Regimes, read_regimes
from blackball.regimes.read import parse_regimes
from blackball.reporting.effects import effects_table, parameters_table
from blackball.shipped import shipped

COMMON = 'jurisdiction = "j"\nstart = 2027\nduration = "d"\nheld_fixed = "h"\n'
TEXT = f"""reference = "base"
[regime.base]
title = "Business [as usual]"
{COMMON}[regime.base.sets]
projects = {{ to = 5, source = "Ann (2024)" }}
seats = {{ to = 2, source = "Ann (2024)" }}
[regime.strict]
title = "Strict"
{COMMON}[regime.strict.sets]
projects = {{ to = 1, source = "illustrative: by definition" }}
seats = {{ to = 2, source = "Ann (2024)" }}
[regime.strict.shifts]
bad = {{ odds = [0.2, 0.9], competence = -0.3, source = "illustrative: more care" }}
pace = {{ times = 2, source = "Ann (2024)" }}
lead = {{ plus = [-1, 3], source = "Ann (2024)" }}
[regime.later]
title = "Later"
{COMMON}[regime.later.sets]
seats = {{ schedule = {{ 2027 = 2, 2028 = 3 }}, source = "Ann (2024)" }}
[regime.halfway]
title = "Half way"
{COMMON}between = ["base", "strict"]
strictness = 0.5
[regime.same]
title = "The same"
{COMMON}"""
REGIMES = parse_regimes(TEXT, "r.toml")


def lines(table: RenderableType, width: int = 100) -> list[list[str]]:
    """Cells of each line, by the two spaces between columns."""
    console = Console(file=StringIO(), width=width, color_system=None, force_terminal=False)
    with console.capture() as captured:
        console.print(table)
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in captured.get().splitlines()]


@pytest.mark.parametrize(
    "row",
    [
        ["Business [as usual]", "projects", "5"],
        ["the reference", "seats", "2"],
        ["Strict", "projects", "5 → 1 †"],
        ["seats", "stays 2"],
        ["bad", "odds × 0.2 to 0.9 (90 %) †", "-0.3"],
        ["pace", "× 2"],
        ["lead", "+ -1 to 3 (90 %)"],
        ["Later", "seats", "2 → 2 from 2027, 3 from 2028"],
        ["Half way", "projects", "5 → 2.24 †"],
        ["0.5 of the way from", "seats", "stays 2"],
        ["base to strict", "bad", "odds × 0.447 to 0.949 (90 %) †", "-0.15"],
        ["The same", "changes nothing"],
    ],
    ids=" ".join,
)
def test_each_effect_is_a_row(row: list[str]) -> None:
    assert row in lines(effects_table(REGIMES))


def test_notes_say_what_marks_mean_where_there_are_any() -> None:
    told = [" ".join(cells) for cells in lines(effects_table(REGIMES))]
    assert [line for line in told if line.startswith("† illustrative: nobody's published view")]
    assert [line for line in told if line.startswith("per sd: what one standard deviation of government competence")]
    plain = TEXT.replace("illustrative: ", "Ann (2024): ").replace("competence = -0.3, ", "")
    untold = [" ".join(cells) for cells in lines(effects_table(parse_regimes(plain, "r.toml")))]
    assert not [line for line in untold if "†" in line or "per sd" in line]
    assert len(untold) == len(told) - 3


@pytest.mark.parametrize("width", [80, 100])
def test_the_shipped_regimes_fit_the_terminal(width: int) -> None:
    ways = read_regimes(shipped("data") / "regimes.toml")
    told = lines(effects_table(ways), width)
    assert not [cells for cells in told if any("…" in cell for cell in cells)]
    stated = sum(len(row.sets) + len(row.shifts) for row in ways.effective.values())
    named = [cells for cells in told if any(cell in ways.parameters for cell in cells)]
    assert len(named) == stated


def small(regimes: Regimes) -> pm.Model:
    with pm.Model(coords={"regime": regimes.names}) as model:
        priors = {
            "bad": probability((0.01, 0.3), source="illustrative: wide", varies=True),
            "pace": positive((0.5, 40), unit="draws [a year]", source="Ann (2024)", varies=True),
            "lead": real((-4, 1), unit="months", source="Ann (2024)", varies=True),
            "fixed": probability((0.1, 0.2), source="Ann (2024)"),
        }
        quantities(priors, regimes)
        given("projects", regimes, within=(1, 1000))
        given_by_year("seats", regimes, [2027, 2030])
    return model


@pytest.mark.parametrize(
    "row",
    [
        ["projects", "5", "a number in [1, 1000]"],
        ["seats", "2", "a number, at least 0, or a schedule from 2027 or earlier"],
        ["bad", "odds", "probability", "probability", "0.01 to 0.3 †"],
        ["pace", "times", "positive", "draws [a year]", "0.5 to 40"],
        ["lead", "plus", "real", "months", "-4 to 1"],
    ],
    ids=" ".join,
)
def test_what_a_model_lets_a_regime_change_is_a_row(row: list[str]) -> None:
    told = lines(parameters_table(small(REGIMES), REGIMES))
    assert row in told
    assert not [cells for cells in told if "fixed" in cells]


def test_a_number_that_the_reference_lacks_is_told() -> None:
    seats = 'seats = { to = 2, source = "Ann (2024)" }\n'
    own = TEXT.replace('between = ["base", "strict"]\nstrictness = 0.5\n', "").replace(seats, "", 1)
    lacking = parse_regimes(own, "r.toml")
    told = lines(parameters_table(small(REGIMES), lacking))
    assert ["seats", "not set, but has to be", "a number, at least 0, or a schedule from 2027 or earlier"] in told


def test_whole_numbers_are_told() -> None:
    head = 'reference = "base"\n[regime.base]\ntitle = "Base"\n' + COMMON
    ways = parse_regimes(f"{head}[regime.base.sets]\nseats = {{ to = 2, source = 's' }}\n", "r.toml")
    with pm.Model(coords={"regime": ways.names}) as model:
        given_counts(["seats"], "kind", ways)
    assert ["seats", "2", "a whole number, at least 0"] in lines(parameters_table(model, ways))
