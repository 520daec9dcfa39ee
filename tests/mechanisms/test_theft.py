import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from blackball.errors import ModelError
from blackball.mechanisms import evaluate, theft

from .slopes import slopes


def attacked(hazard, adaptivity, dilution, present=1.0):
    share = theft.effort(hazard, adaptivity, present=present)
    return theft.any_breach_unequal(hazard, share, dilution, present=present)


PROJECTS = ("project",)
SLOPES = slopes(attacked, hazard=PROJECTS, adaptivity=(), dilution=(), present=PROJECTS)
EQUAL_SLOPES = slopes(theft.any_breach, hazard=(), projects=(), dilution=())
UNEVEN_SLOPES = slopes(theft.any_breach_uneven, hazard=(), spread=(), projects=(), dilution=())
hazards = st.lists(st.floats(0, 20), min_size=3, max_size=3)


def equal(projects, dilution):
    return equal_hazard(math.log(2), projects, dilution)


def equal_hazard(hazard, projects, dilution):
    return float(evaluate(theft.any_breach, {"hazard": hazard, "projects": projects, "dilution": dilution}))


def unequal(hazard, adaptivity, dilution):
    hazard = xr.DataArray(hazard, dims="project")
    return float(evaluate(attacked, {"hazard": hazard, "adaptivity": adaptivity, "dilution": dilution}))


def masked(hazard, adaptivity, dilution, present):
    arrays = {"hazard": xr.DataArray(hazard, dims="project"), "present": xr.DataArray(present, dims="project")}
    return float(evaluate(attacked, arrays | {"adaptivity": adaptivity, "dilution": dilution}))


def uneven(hazard, spread, projects, dilution):
    arguments = {"hazard": hazard, "spread": spread, "projects": projects, "dilution": dilution}
    return float(evaluate(theft.any_breach_uneven, arguments))


def simulated_theft(hazard, spread, projects, dilution, runs, rng):
    """Share of worlds in which a thief who splits its time evenly gets into some project."""
    rates = hazard * np.exp(spread * rng.standard_normal((runs, projects))) * (1 / projects) ** dilution
    return (rng.exponential(size=rates.shape) < rates).any(axis=1).mean()


def test_three_chances_to_steal_are_the_quoted_ones():
    assert equal(1, 0.5) == pytest.approx(0.5)
    assert 1 - math.exp(-math.log(2) * 3**-0.5) == pytest.approx(0.330, abs=5e-4)
    assert equal(3, 0.5) == pytest.approx(0.699, abs=5e-4)
    assert equal(3, 0.0) == pytest.approx(0.875)


def test_no_projects_no_theft():
    assert equal(0, 0.5) == 0.0
    assert equal(0, 2.0) == 0.0


def test_full_dilution_makes_the_number_of_projects_irrelevant():
    assert equal(7, 1.0) == pytest.approx(0.5)


@pytest.mark.parametrize("adaptivity", [0.0, 1.0, 50.0])
def test_equal_projects_are_the_closed_form(adaptivity):
    assert unequal([math.log(2)] * 3, adaptivity, 0.5) == pytest.approx(equal(3, 0.5), rel=1e-12)


@pytest.mark.parametrize(("spread", "stolen"), [(0.0, 0.699), (1.0, 0.767), (2.0, 0.818)])
def test_uneven_security_helps_the_thief(spread, stolen):
    # The median hazard is .4 at the even share of effort, 1/3, hence .4 sqrt(3) under the whole.
    assert uneven(0.4 * math.sqrt(3), spread, 3, 0.5) == pytest.approx(stolen, abs=2e-3)


@pytest.mark.parametrize("spread", [0.01, 0.5, 2.0, 5.0])
@pytest.mark.parametrize("hazard", [1e-3, 0.7, 30.0, 1e6])
@pytest.mark.parametrize("projects", [1.0, 3.0, 10.0])
def test_uneven_security_is_within_a_millionth_of_a_dense_integral(hazard, spread, projects):
    z = np.linspace(-9, 9, 40_001)
    safe = np.trapezoid(np.exp(-hazard * np.exp(spread * z) * projects**-0.5 - z**2 / 2), z) / math.sqrt(2 * math.pi)
    assert abs(uneven(hazard, spread, projects, 0.5) - (1 - safe**projects)) < 1e-6


@pytest.mark.parametrize("projects", [0.1, 0.3, 0.5, 0.8, 1.0, 30.0, 1000.0])
def test_uneven_security_keeps_the_promised_accuracy_for_any_number_of_projects(projects):
    z = np.linspace(-12, 12, 40_001)
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    for hazard in (1e-12, 0.7, 3e6, 1e8):
        safe = np.trapezoid(np.exp(-hazard * np.exp(3.0 * z)) * density, z)
        allowed = 1e-6 if projects >= 1 else 1e-8**projects
        assert abs(uneven(hazard, 3.0, projects, 0.0) - (1 - safe**projects)) < allowed


def test_uneven_security_agrees_with_a_simulation_and_the_median_alone_does_not():
    rng, runs = np.random.default_rng(7), 200_000
    share = simulated_theft(0.5, 1.5, 4, 0.6, runs, rng)
    allowed = 4 * math.sqrt(share * (1 - share) / runs)
    assert abs(uneven(0.5, 1.5, 4.0, 0.6) - share) < allowed
    assert abs(equal_hazard(0.5, 4.0, 0.6) - share) > allowed


@pytest.mark.parametrize("projects", [0.0, 0.4, 1.0, 3.5])
@pytest.mark.parametrize("hazard", [0.0, 0.4, 700.0])
def test_without_spread_projects_are_equal(hazard, projects):
    assert uneven(hazard, 0.0, projects, 0.5) == pytest.approx(equal_hazard(hazard, projects, 0.5), abs=1e-12)


@settings(deadline=None)  # the first example compiles
@given(st.floats(0, 20), st.floats(0, 5), st.floats(0, 20), st.floats(0, 3), st.floats(0, 5))
def test_uneven_theft_rises_with_hazard_and_projects_and_falls_with_dilution(hazard, spread, projects, dilution, more):
    chance = uneven(hazard, spread, projects, dilution)
    assert 0 <= chance <= uneven(hazard + more, spread, projects, dilution) + 1e-12 <= 1 + 1e-12
    assert uneven(hazard, spread, projects, dilution + more) <= chance + 1e-12


@settings(deadline=None)  # the first example compiles
@given(st.floats(0, 20), st.floats(0, 20), st.floats(0, 3), st.floats(0, 5))
def test_theft_rises_with_hazard_and_projects_and_falls_with_dilution(hazard, projects, dilution, more):
    chance = equal_hazard(hazard, projects, dilution)
    assert 0 <= chance <= equal_hazard(hazard + more, projects, dilution) + 1e-12 <= 1 + 1e-12
    assert equal_hazard(hazard, projects, dilution + more) <= chance + 1e-12
    if dilution < 1:
        assert chance <= equal_hazard(hazard, projects + more, dilution) + 1e-12


def test_projects_that_do_not_exist_are_not_stolen_from():
    for dilution in (0.0, 0.5, 2.0):
        assert masked([0.3, 0.9, 5.0], 1.5, dilution, [1, 1, 0]) == pytest.approx(unequal([0.3, 0.9], 1.5, dilution))
        assert masked([0.3, 0.9, 5.0], 1.5, dilution, [0, 0, 0]) == 0


@pytest.mark.parametrize("adaptivity", [0.0, 2.0])
@pytest.mark.parametrize(("present", "projects"), [([1, 1, 0.5], 2.5), ([1, 0, 0], 1), ([0.4, 0, 0], 0.4)])
def test_part_of_a_project_counts_as_that_much(present, projects, adaptivity):
    assert masked([0.7] * 3, adaptivity, 0.5, present) == pytest.approx(equal_hazard(0.7, projects, 0.5))


def test_a_sure_breach_is_sure():
    assert equal_hazard(math.inf, 1.0, 0.5) == 1
    assert equal_hazard(math.inf, 0.0, 0.5) == 0
    assert uneven(math.inf, 1.0, 2.0, 0.5) == 1
    assert unequal([0.1, math.inf], 0.0, 0.5) == 1


def test_the_best_attack_spreads_effort_when_dilution_is_weak():
    hazard = [0.1, 0.5, 1.3]
    adaptivity = np.linspace(0, 5, 51)
    chances = [unequal(hazard, a, 0.5) for a in adaptivity]
    assert adaptivity[np.argmax(chances)] == pytest.approx(2.0)
    assert max(chances) > chances[0]
    assert max(chances) > unequal(hazard, 500.0, 0.5)


@pytest.mark.parametrize("dilution", [1.0, 1.5])
def test_the_best_attack_is_the_weakest_link_when_dilution_is_strong(dilution):
    hazard = [0.1, 0.5, 1.3]
    weakest = unequal(hazard, 500.0, dilution)
    assert weakest == pytest.approx(1 - math.exp(-1.3))
    assert all(unequal(hazard, a, dilution) < weakest for a in (0.0, 0.5, 1.0, 2.0, 5.0))


@settings(deadline=None)  # the first example compiles
@given(hazards, st.floats(0, 0.95), st.floats(0, 50))
def test_no_attack_beats_the_best_adaptivity(hazard, dilution, other):
    best = float(evaluate(theft.best_adaptivity, {"dilution": dilution}))
    chance = unequal(hazard, best, dilution)
    assert unequal(hazard, other, dilution) <= chance + 1e-9
    # The best attack adds up to the p-norm of the hazards, p = 1 / (1 - d).
    assert chance == pytest.approx(-np.expm1(-np.linalg.norm(hazard, best)), abs=1e-9)


@settings(deadline=None)  # the first example compiles
@given(hazards, st.floats(0, 50), st.floats(0, 3), st.floats(0, 1))
def test_less_dilution_never_protects(hazard, adaptivity, dilution, less):
    chance = unequal(hazard, adaptivity, dilution)
    assert 0 <= chance <= unequal(hazard, adaptivity, dilution * less) + 1e-12 <= 1 + 1e-12


@pytest.mark.parametrize("hazard", [[0.0, 0.0, 0.0], [0.0, 0.4, 2.0], [1.0, 1.0, 1.0]])
@pytest.mark.parametrize("adaptivity", [0.0, 2.0, 1000.0])
@pytest.mark.parametrize("dilution", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("present", [[1, 1, 1], [1, 0, 0], [0, 0.5, 0], [0, 0, 0]])
def test_gradients_are_finite_at_the_edges(hazard, adaptivity, dilution, present):
    value, gradient = SLOPES(hazard=hazard, adaptivity=adaptivity, dilution=dilution, present=present)
    assert 0 <= value < 1
    assert all(np.isfinite(slope).all() for slope in gradient.values())


@pytest.mark.parametrize("projects", [0.0, 1.0, 3.5])
def test_gradients_of_equal_projects_are_finite(projects):
    value, gradient = EQUAL_SLOPES(hazard=0.0, projects=projects, dilution=0.5)
    assert value == 0
    assert all(np.isfinite(slope).all() for slope in gradient.values())


def test_a_bigger_prize_is_attacked_harder():
    assert float(evaluate(theft.surface_hazard, SURFACE)) == pytest.approx(0.5 * (0.1 + 0.4 + 0.9) / 2)


@pytest.mark.parametrize("hazard", [0.0, 0.4, 800.0, np.inf])
@pytest.mark.parametrize("spread", [0.0, 1.0, 5.0])
@pytest.mark.parametrize("projects", [0.0, 1.0, 3.5])
def test_gradients_of_uneven_projects_are_finite(hazard, spread, projects):
    value, gradient = UNEVEN_SLOPES(hazard=hazard, spread=spread, projects=projects, dilution=0.5)
    assert 0 <= value <= 1
    assert all(np.isfinite(slope).all() for slope in gradient.values())


def test_gradient_by_spread_agrees_with_differences():
    _, gradient = UNEVEN_SLOPES(hazard=0.4, spread=1.0, projects=3.0, dilution=0.5)
    difference = (uneven(0.4, 1 + 1e-5, 3.0, 0.5) - uneven(0.4, 1 - 1e-5, 3.0, 0.5)) / 2e-5
    assert gradient["spread"] == pytest.approx(difference, rel=1e-6)


SURFACE = {"motive": 0.5, "projects": 2.0, "size": 3.0, "base": 0.1, "per_project": 0.2, "per_size": 0.3}


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (theft.any_breach, {"hazard": -1.0, "projects": 1.0, "dilution": 0.5}, r"hazard is -1: it must be at least 0"),
        (theft.any_breach, {"hazard": 1.0, "projects": -1.0, "dilution": 0.5}, r"projects is -1"),
        (theft.any_breach, {"hazard": 1.0, "projects": 1.0, "dilution": -0.5}, r"dilution is -0\.5"),
        (
            theft.any_breach_uneven,
            {"hazard": 1.0, "spread": 5.5, "projects": 1.0, "dilution": 0.5},
            r"spread is 5\.5: it must lie in \[0, 5\]",
        ),
        (theft.any_breach_unequal, {"hazard": 1.0, "effort": 1.5, "dilution": 0.5}, r"effort is 1\.5"),
        (theft.any_breach_unequal, {"hazard": 1.0, "effort": 1.0, "dilution": 0.5, "present": -1.0}, r"present is -1"),
        (theft.surface_hazard, SURFACE | {"projects": 0.5}, r"projects is 0\.5: it must be at least 1"),
        *[
            (theft.surface_hazard, SURFACE | {name: -1.0}, rf"{name} is -1")
            for name in ("motive", "size", "base", "per_project", "per_size")
        ],
    ],
)
def test_numbers_outside_their_range_are_refused(function, arguments, message):
    with pytest.raises(ModelError, match=message):
        function(**arguments)


def test_projects_without_their_dim_are_refused():
    with pytest.raises(ModelError, match=r"hazard \(with effort and present\) has no dim 'project'; it has: none"):
        theft.any_breach_unequal(0.4, 0.5, 0.5)
    with pytest.raises(ModelError, match=r"hazard \(with present\) has no dim 'project'; it has: none"):
        theft.effort(0.4, 1.0)
