import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from blackball.mechanisms import evaluate, theft

from .slopes import slopes


def attacked(hazard, adaptivity, dilution):
    return theft.any_breach_unequal(hazard, theft.effort(hazard, adaptivity), dilution)


PROJECTS = ("project",)
SLOPES = slopes(attacked, hazard=PROJECTS, adaptivity=(), dilution=())
EQUAL_SLOPES = slopes(theft.any_breach, hazard=(), projects=(), dilution=())
hazards = st.lists(st.floats(0, 20), min_size=3, max_size=3)


def equal(projects, dilution):
    return float(evaluate(theft.any_breach, {"hazard": math.log(2), "projects": projects, "dilution": dilution}))


def unequal(hazard, adaptivity, dilution):
    hazard = xr.DataArray(hazard, dims="project")
    return float(evaluate(attacked, {"hazard": hazard, "adaptivity": adaptivity, "dilution": dilution}))


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
    nodes, weights = np.polynomial.hermite_e.hermegauss(25)
    z = [xr.DataArray(nodes, dims=f"z{k}") for k in range(3)]
    weight = math.prod(xr.DataArray(weights / weights.sum(), dims=f"z{k}") for k in range(3))
    # The median hazard is .4 at the even share of effort, 1/3, hence .4 sqrt(3) under the whole.
    hazard = 0.4 * math.sqrt(3) * np.exp(spread * xr.concat(xr.broadcast(*z), dim="project"))
    chance = evaluate(attacked, {"hazard": hazard, "adaptivity": 0.0, "dilution": 0.5})
    assert float((chance * weight).sum()) == pytest.approx(stolen, abs=2e-3)


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
@given(hazards, st.floats(0, 1000))
def test_effort_is_a_share(hazard, adaptivity):
    arguments = {"hazard": xr.DataArray(hazard, dims="project"), "adaptivity": adaptivity}
    share = evaluate(theft.effort, arguments)
    assert float(share.sum()) == pytest.approx(1.0)
    assert (share >= 0).all()


@settings(deadline=None)  # the first example compiles
@given(hazards, st.floats(0, 50), st.floats(0, 3), st.floats(0, 1))
def test_less_dilution_never_protects(hazard, adaptivity, dilution, less):
    chance = unequal(hazard, adaptivity, dilution)
    assert 0 <= chance <= unequal(hazard, adaptivity, dilution * less) + 1e-12 <= 1 + 1e-12


@pytest.mark.parametrize("hazard", [[0.0, 0.0, 0.0], [0.0, 0.4, 2.0], [1.0, 1.0, 1.0]])
@pytest.mark.parametrize("adaptivity", [0.0, 2.0, 1000.0])
@pytest.mark.parametrize("dilution", [0.0, 0.5, 1.0])
def test_gradients_are_finite_at_the_edges(hazard, adaptivity, dilution):
    value, gradient = SLOPES(hazard=hazard, adaptivity=adaptivity, dilution=dilution)
    assert 0 <= value < 1
    assert all(np.isfinite(slope).all() for slope in gradient.values())


@pytest.mark.parametrize("projects", [0.0, 1.0, 3.5])
def test_gradients_of_equal_projects_are_finite(projects):
    value, gradient = EQUAL_SLOPES(hazard=0.0, projects=projects, dilution=0.5)
    assert value == 0
    assert all(np.isfinite(slope).all() for slope in gradient.values())


def test_a_bigger_prize_is_attacked_harder():
    surface = {"motive": 0.5, "projects": 2.0, "size": 3.0, "base": 0.1, "per_project": 0.2, "per_size": 0.3}
    assert float(evaluate(theft.surface_hazard, surface)) == pytest.approx(0.5 * (0.1 + 0.4 + 0.9) / 2)
