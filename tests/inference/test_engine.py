"""The compiled density is PyTensor's own, to rounding; and it samples, refits and falls back."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np
import pymc as pm
import pymc.dims as pmd
import pytensor.tensor as pt
import pytest
from pytensor import config
from pytensor.compile.mode import Mode

from blackball.errors import ModelError
from blackball.inference.engine import Engine, compile_model
from blackball.inference.engine.bridge import Flat
from blackball.inference.settings import Settings
from blackball.modelling import judged, outcome, probability, quantities
from blackball.panel import read_panel
from blackball.regimes import read_regimes
from blackball.risk_model import load_model
from tests.conftest import MakePanel

DATA = Path(__file__).parents[2] / "data"
POINTS = 4


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile afresh in every test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def own(model: pm.Model, engine: Engine, point: dict[str, np.ndarray]) -> tuple[float, np.ndarray, int]:
    """Return log density, gradient and status of the compiled density."""
    assert isinstance(engine.model, Flat)
    compiled = engine.model.compiled
    double = ctypes.POINTER(ctypes.c_double)
    function = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_uint64, double, double, double, ctypes.c_void_p)(
        compiled.compiled_logp_func.address
    )
    names = [model.rvs_to_values[rv].name for rv in model.free_RVs]
    x = np.concatenate([point[name].ravel() for name in names])
    gradient, logp = np.empty_like(x), np.empty(1)
    pointers = [array.ctypes.data_as(double) for array in (x, gradient, logp)]
    status = function(x.size, *pointers, compiled.user_data.ctypes.data)
    return float(logp[0]), gradient, int(status)


def pytensors(model: pm.Model):
    """Return a function of a point that gives PyTensor's log density and gradient."""
    with config.change_flags(cxx=""):
        logp = model.logp()
        values = [model.rvs_to_values[rv] for rv in model.free_RVs]
        slopes = [pt.as_tensor(slope, allow_xtensor_conversion=True).ravel() for slope in pt.grad(logp, values)]
        return model.compile_fn([logp, pt.concatenate(slopes)], mode=Mode("py", "fast_compile"))


def check_same(model: pm.Model, engine: Engine, spread: float = 0.7) -> None:
    """Compare the two at random points."""
    rng = np.random.default_rng(20)
    reference = pytensors(model)
    for _ in range(POINTS):
        start = model.initial_point()
        point = {name: np.asarray(rng.normal(0, spread, np.shape(value))) for name, value in start.items()}
        expected, slope = reference(point)
        logp, gradient, status = own(model, engine, point)
        assert status == 0
        np.testing.assert_allclose(logp, float(expected), rtol=1e-9)
        np.testing.assert_allclose(gradient, slope, rtol=1e-9, atol=1e-9 * np.abs(slope).max())


def shipped(name: str, experts: str) -> pm.Model:
    risk = load_model(name)
    regimes = read_regimes(DATA / risk.regimes) if risk.regimes else None
    return risk.build(read_panel(DATA / str(risk.panel)), regimes, experts)


@pytest.mark.parametrize("experts", ["mixture", "consensus"])
@pytest.mark.parametrize("name", ["urn", "power-seeking", "one-or-many"])
def test_shipped_models_have_pytensors_density(name: str, experts: str) -> None:
    model = shipped(name, experts)
    engine = compile_model(model)
    assert (engine.name, engine.reason) == ("flat", None)
    check_same(model, engine)


def labelled() -> pm.Model:
    """A model with every distribution and transform in use: simplex, log, interval, none."""
    with pm.Model(coords={"expert": ["a", "b", "c"], "seed": [0, 1]}) as model:
        prior = pmd.Data("prior", [2.0, 3.0, 4.0], dims="expert")
        weight = pmd.Dirichlet("weight", a=prior, core_dims="expert")
        skill = pmd.LogNormal("skill", 0.0, 0.5, dims="expert")
        scale = pmd.HalfNormal("scale", 2.0)
        error = pmd.StudentT("error", nu=4.0, mu=0.0, sigma=scale, dims=("seed", "expert"))
        share = pmd.Beta("share", 2.0, 3.0)
        truth = pmd.Data("truth", np.array([[0.1, 0.4, -1.0], [1.2, 0.3, 0.2]]), dims=("seed", "expert"))
        pmd.Normal("seen", mu=error * skill + weight, sigma=scale, observed=truth)
        pmd.Binomial("caught", n=pmd.Data("trials", 20), p=share, observed=pmd.Data("events", 7))
    return model


def test_a_model_with_every_distribution_in_use() -> None:
    model = labelled()
    engine = compile_model(model)
    assert engine.name == "flat"
    check_same(model, engine)


TABLE = np.arange(12.0).reshape(3, 4) / 7
EXPRESSIONS = {
    "matrix product": lambda x: (x @ TABLE).sum() + (TABLE.T @ x @ TABLE).prod(),
    "vector products": lambda x: (x[0] @ x[1]) ** 2 + (x @ x[:, 0]).sum() + pt.dot(x[2], TABLE).max(),
    "batches": lambda x: pt.matmul(pt.stack([x, 2 * x]), TABLE).sum(),
    "slices backwards": lambda x: (x[::-1, 1:] * np.array([1.0, 2.0])).sum() + x[-1, -2],
    "places": lambda x: (x[:, [0, 0, 2]] ** 2).sum() + pt.exp(x[[2, 1], [0, 2]]).sum() + x[TABLE[:, :3] > 0.5].sum(),
    "increments": lambda x: (pt.set_subtensor(x[0], 3.0)[:, 1] * pt.inc_subtensor(x[[1, 1]], 2.0)[1]).sum(),
    "reductions": lambda x: pt.max(x, axis=0).sum() + pt.min(x) + pt.prod(x, axis=1).sum() + pt.mean(x),
    "reductions to one": lambda x: pt.sqr(x[:, :, None] + np.arange(16.0)).sum() + pt.max(x.ravel() * np.ones((8, 1))),
    "reductions of one row": lambda x: (
        pt.exp(pt.tile(x.ravel(), 8)[None]).sum(1) * pt.tile(x.ravel(), 8)[:, None].max(0)
    )[0],
    "diagonals": lambda x: (pt.diagonal(x, offset=1) ** 2).sum() + pt.diagonal(x @ TABLE, offset=-1).prod(),
    "joins": lambda x: (pt.concatenate([x, x[:1] * 2], axis=0) * pt.stack([x[0]] * 4)).sum(),
    "splits": lambda x: sum(part.prod() * (i + 1) for i, part in enumerate(pt.split(x, [1, 2], n_splits=2, axis=1))),
    "special": lambda x: (pt.gammaln(x**2 + 1) + pt.erf(x) + pt.erfcx(x) - pt.log(pt.erfc(x))).sum(),
    "beta": lambda x: pt.betainc(2.0, 3.0, pt.sigmoid(x)).sum() + pt.log1mexp(-(x**2) - 0.1).sum(),
    "softmax": lambda x: (pt.special.softmax(x, axis=1)[0] * x[0]).sum() + pt.logsumexp(x, axis=0).sum(),
    "conditions": lambda x: pt.switch((x > 0) & ~(x > 1) | pt.isnan(x), x**3, pt.softplus(x)).sum(),
    "rounding": lambda x: (pt.floor(x) * x + pt.sign(x) * x**2 + (x % 0.3)).sum() + pt.clip(x, -0.2, 0.2).sum(),
    "trigonometry": lambda x: (pt.tanh(x) + pt.arctan2(x, 2.0) + pt.cos(x) + pt.sinh(x)).sum(),
    "single precision": lambda x: (x * pt.constant(np.float32(0.3)) + x / pt.constant(np.float32(1.7))).sum(),
    "nothing": lambda x: x[:0].sum() + x.sum(),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_operations(name: str) -> None:
    with pm.Model() as model:
        x = pm.Normal("x", shape=(3, 3))
        pm.Potential("value", EXPRESSIONS[name](x))
    engine = compile_model(model)
    assert (engine.name, engine.reason) == ("flat", None)
    check_same(model, engine)


@pytest.mark.parametrize("length", [1, 2, 5, 8, 11, 19])
def test_loops_of_any_length_and_order(length: int) -> None:
    """Loops are run in vectors, whose last may overlap the one before, along whichever dimension is long."""
    with pm.Model() as model:
        x, y = pm.Normal("x", shape=(length, 3)), pm.Normal("y", shape=length)
        both = pt.exp(x * y[:, None]) + pt.log1p(x.T**2).T
        places = np.arange(length)[::-1]
        total = both.prod(axis=1) @ y + (both[::-1, ::2] / (1 + y[:, None] ** 2)).max(axis=0).sum()
        moved = pt.inc_subtensor(y[1:], pt.erf(y[:-1]))[places] * pt.set_subtensor(both[:, 1], pt.expm1(y))[:, 1]
        pm.Potential("value", total + moved.sum() + pt.switch(x > 0.1, x**3, pt.softplus(x.T).T).sum())
    engine = compile_model(model)
    assert (engine.name, engine.reason) == ("flat", None)
    check_same(model, engine)


def test_a_violated_parameter_is_never_accepted() -> None:
    with pm.Model() as model:
        x = pm.Normal("x")
        pm.Normal("y", 0.0, x, observed=0.3)
    engine = compile_model(model)
    assert own(model, engine, {"x": np.array(0.5)})[2] == 0
    logp, _, status = own(model, engine, {"x": np.array(-0.5)})
    assert (logp, status != 0) == (-np.inf, True)


def test_new_data_need_no_new_code() -> None:
    model = labelled()
    engine = compile_model(model)
    changed = {"truth": np.full((2, 3), 0.25), "prior": np.array([4.0, 1.5, 2.0])}
    other = engine.with_data(changed)
    point = {name: np.full(np.shape(value), 0.3) for name, value in model.initial_point().items()}
    before = own(model, engine, point)[0]
    with model:
        pm.set_data(changed)
    check_same(model, other)
    assert own(model, other, point)[0] != before
    assert own(model, engine, point)[0] == before
    assert other.model.compiled.compiled_logp_func is engine.model.compiled.compiled_logp_func


def test_data_that_do_not_fit_are_refused_before_sampling() -> None:
    engine = compile_model(labelled())
    with pytest.raises(ModelError, match=r"'truth' has shape \(3,\).*\(2, 3\)"):
        engine.with_data({"truth": np.zeros(3)})
    with pytest.raises(ModelError, match="no data variable 'thruth'; valid: events, prior, trials, truth"):
        engine.with_data({"thruth": np.zeros(3)})


def test_sampling_is_labelled_reproducible_and_on_natural_scales() -> None:
    engine = compile_model(labelled())
    seen: list[int] = []

    def sample(cores: int):
        return engine.sample(
            Settings(draws=200, tune=200, chains=2, seed=5, target_accept=0.9),
            cores=cores,
            progress=lambda chains: seen.append(len(chains)),
        )

    first, second = sample(1), sample(2)
    posterior = first["posterior"].dataset
    assert posterior.identical(second["posterior"].dataset.assign_attrs(posterior.attrs))
    assert set(posterior.data_vars) == {"weight", "skill", "scale", "error", "share"}
    assert posterior["error"].dims == ("chain", "draw", "seed", "expert")
    assert posterior["expert"].values.tolist() == ["a", "b", "c"]
    np.testing.assert_allclose(posterior["weight"].sum("expert"), 1.0, rtol=1e-12)
    assert bool((posterior["scale"] > 0).all())
    assert bool(((posterior["share"] > 0) & (posterior["share"] < 1)).all())
    assert {"diverging", "depth", "energy", "n_steps"} <= set(first["sample_stats"].dataset.data_vars)
    assert set(seen) == {2}


def test_what_the_generator_does_not_know_is_left_to_nutpie() -> None:
    with pm.Model() as model:
        x = pm.Normal("x", shape=2)
        unit = pm.Data("unit", 2.0)
        pm.Potential("value", -pt.linalg.det(pt.outer(x, x) + unit * np.eye(2)))
    engine = compile_model(model).with_data({"unit": np.array(3.0)})
    assert engine.name == "nutpie"
    assert "operation" in str(engine.reason)
    tree = engine.sample(Settings(draws=50, tune=50, chains=1, seed=1, target_accept=0.8))
    assert set(tree["posterior"].dataset.data_vars) == {"x"}


def test_one_judged_value_of_two_dims_is_compiled_too(make_panel: MakePanel) -> None:
    asked = [{"question": "risk", "at": "a=1; b=2", "support": "probability"}]
    panel = make_panel([{"expert": "e", "question": "risk", "form": "point", "value": 0.2}], asked, ["e"])
    with pm.Model(coords={"a": [1, 2], "b": [1, 2]}) as model:
        q = quantities({"p": probability((0.1, 0.4), source="a test")})
        one, other = (pmd.Data(f"number_of_{name}", [1.0, 2.0], dims=name) for name in ("a", "b"))
        outcome("risk", q["p"] ** (one * other))
        judged(panel)
    engine = compile_model(model)
    assert (engine.name, engine.reason) == ("flat", None)
    check_same(model, engine)
