"""Compiled code that is kept between processes: found where it is the same, and never where it is not."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt
import pytest
import xarray as xr
from pytensor import config
from pytensor.gradient import grad_clip
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op

from blackball.inference.engine import Engine, cache, compile_model
from blackball.inference.engine.signature import model_signature
from blackball.inference.on_draws import OnDraws, on_draws
from blackball.inference.settings import Settings
from tests.inference.test_engine import own


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def one_normal(mean: float = 0.3) -> pm.Model:
    with pm.Model() as model:
        pm.Normal("x", mean, 1.7)
    return model


def density_at_one(engine: Engine) -> float:
    return own(one_normal(), engine, {"x": np.array(1.0)})[0]


EXACT = -0.5 * (0.7 / 1.7) ** 2 - np.log(1.7 * np.sqrt(2 * np.pi))


def refuse(*_: object) -> None:
    raise AssertionError("it was derived again")


def test_no_graph_is_derived_a_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = density_at_one(compile_model(one_normal()))
    monkeypatch.setattr("blackball.inference.engine.bridge.graphs", refuse)
    assert density_at_one(compile_model(one_normal())) == first
    with pytest.raises(AssertionError, match="derived again"):
        compile_model(one_normal(mean=0.4))


def test_draws_of_recalled_code_are_the_same_to_the_bit() -> None:
    def draws() -> np.ndarray:
        sampled = compile_model(with_data()).sample(Settings(draws=50, tune=50, chains=2, seed=4, target_accept=0.9))
        return np.asarray(sampled["posterior"]["rate"])

    np.testing.assert_array_equal(draws(), draws())


@pytest.mark.parametrize("kind", ["record", "machine code"])
def test_a_damaged_copy_is_replaced_and_one_line_says_so(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = density_at_one(compile_model(one_normal()))
    files = list((tmp_path / "cache" / "blackball").iterdir())
    assert len(files) == 2
    (kept,) = (file for file in files if (b"said.npy" in file.read_bytes()) == (kind == "record"))
    sound = kept.read_bytes()
    kept.write_bytes(sound[:200] + b"damaged" + sound[207:])
    with caplog.at_level(logging.WARNING):
        assert density_at_one(compile_model(one_normal())) == first
    assert [record.getMessage() for record in caplog.records] == [f"{kept} is damaged: what it held is made anew"]
    assert kept.read_bytes() == sound


def test_what_another_generator_made_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compile_model(one_normal())
    monkeypatch.setattr("blackball.inference.engine.signature._generator", lambda: "another")
    monkeypatch.setattr("blackball.inference.engine.bridge.graphs", refuse)
    with pytest.raises(AssertionError, match="derived again"):
        compile_model(one_normal())


def test_without_a_folder_to_write_to_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    np.testing.assert_allclose(density_at_one(compile_model(one_normal())), EXACT, rtol=1e-12)


def test_what_was_used_longest_ago_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(cache, "ROOM", 350)
    keys = [letter * 64 for letter in "abcd"]
    for number, key in enumerate(keys[:3]):
        cache.keep(key, bytes(80))
        os.utime(cache.folder() / key, (number, number))
    (cache.folder() / "notes").touch()
    assert cache.kept(keys[0]) == bytes(80)  # used now
    cache.keep(keys[3], bytes(80))
    cache.keep("e" * 64, bytes(400))  # more than there is room for
    left = sorted(file.name for file in cache.folder().iterdir())
    assert left == [keys[0], keys[2], keys[3], "notes"]


def test_two_processes_at_once_both_get_the_density(tmp_path: Path) -> None:
    script = (
        "import ctypes, numpy as np, pymc as pm\n"
        "from tests.inference.test_recall import density_at_one, one_normal\n"
        "from blackball.inference.engine import compile_model\n"
        "print(repr(density_at_one(compile_model(one_normal()))))\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=dict(os.environ))
        for _ in range(2)
    ]
    found = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    np.testing.assert_allclose([float(text) for text in found], EXACT, rtol=1e-12)
    assert not [file for file in (tmp_path / "cache" / "blackball").iterdir() if len(file.name) != 64]


def with_data(
    mean: float = 0.0,
    trials: tuple[int, ...] = (10, 20),
    factor: float = 1.0,
    lower: float = 0.0,
    name: str = "rate",
    *,
    bounded: bool = True,
) -> pm.Model:
    """Return a model with a transform, data, a density of its own and a potential, any of which may differ."""

    def density(value: pt.TensorVariable, rate: pt.TensorVariable) -> pt.TensorVariable:
        return -factor * (value - rate) ** 2

    with pm.Model(check_bounds=bounded) as model:
        rate = pm.Uniform(name, lower, 2.0)
        shift = pm.Normal("shift", mean, 1.0, shape=len(trials))
        n = pm.Data("trials", np.array(trials))
        pm.CustomDist("said", rate, logp=density, observed=np.array([0.1, 0.2]))
        pm.Potential("held", -((rate * n - shift) ** 2).sum())
    return model


def key(model: pm.Model) -> str:
    start = model.initial_point()
    found = model_signature(model, {name: np.shape(value) for name, value in start.items()})
    assert found is not None
    return found.key


OTHERS: dict[str, Callable[[], pm.Model]] = {
    "a number in a prior": lambda: with_data(mean=1e-9),
    "the shape of data": lambda: with_data(trials=(10, 20, 30)),
    "a number that a density of its own holds": lambda: with_data(factor=1.1),
    "a transform": lambda: with_data(lower=-0.5),
    "the name of a variable": lambda: with_data(name="share"),
    "whether bounds are checked": lambda: with_data(bounded=False),
}


@pytest.mark.parametrize("other", OTHERS)
def test_whatever_changes_the_density_changes_the_signature(other: str) -> None:
    assert key(OTHERS[other]()) != key(with_data())


def test_what_does_not_change_it_leaves_the_signature() -> None:
    assert key(with_data()) == key(with_data(trials=(11, 12)))


def test_the_signature_is_the_same_in_every_process() -> None:
    script = "from tests.inference.test_recall import key, with_data; print(key(with_data()))"
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {key(with_data())}


class Doubled(Op):
    """An operation that no package knows."""

    __props__ = ()

    def make_node(self, x: pt.TensorVariable) -> Apply:
        return Apply(self, [x], [x.type()])

    def perform(self, node: Apply, inputs: list[np.ndarray], outputs: list[list[np.ndarray]]) -> None:
        outputs[0][0] = 2 * inputs[0]

    def pullback(self, inputs: list, outputs: list, cotangents: list) -> list:
        return [2 * cotangents[0]]


def test_what_cannot_be_read_has_no_signature_and_is_computed_all_the_same() -> None:
    with pm.Model() as model:
        x = pm.Normal("x")
        twice = pm.Deterministic("twice", Doubled()(x))
        pm.Normal("seen", twice, observed=0.5)
    assert model_signature(model, {"x": ()}) is None
    drawn = xr.Dataset({"x": (("chain", "draw"), np.arange(6.0).reshape(2, 3))}, {"chain": [0, 1], "draw": [0, 1, 2]})
    np.testing.assert_array_equal(on_draws(model, {"twice": twice})(drawn)["twice"], 2 * drawn["x"])


def test_caches_that_an_operation_carries_are_no_part_of_its_meaning() -> None:
    def autoregression() -> pm.Model:
        with pm.Model() as model:
            pm.AR("g", [0.2, 0.3], sigma=1.0, init_dist=pm.Normal.dist(0, 1), steps=3)
        return model

    assert key(autoregression()) == key(autoregression())
    assert compile_model(autoregression()).name == "flat"


def clipped(bound: float) -> pm.Model:
    with pm.Model() as model:
        x = pm.Normal("x")
        pm.Potential("p", -((grad_clip(x, -bound, bound)) ** 2))
    return model


def twice_named(value: float) -> pm.Model:
    with pm.Model() as model:
        x, one = pm.Normal("x"), pm.Data("d", [1.0, 2.0])
        other = pytensor.shared(np.array([value, value]), name="d")
        pm.Potential("p", -((x - one + other) ** 2).sum())
    return model


@pytest.mark.parametrize("model", [clipped(0.1), twice_named(5.0)], ids=["gradient", "name"])
def test_what_properties_and_names_do_not_tell_apart_has_no_signature(model: pm.Model) -> None:
    assert model_signature(model, {"x": ()}) is None


def with_table() -> tuple[pm.Model, xr.Dataset]:
    with pm.Model() as model:
        x, d = pm.Normal("x"), pm.Data("d", np.array([1.0, 2.0, 3.0]))
        pm.Deterministic("total", x + d.sum())
    return model, xr.Dataset({"x": (("chain", "draw"), np.zeros((1, 4)))}, {"chain": [0], "draw": range(4)})


def test_data_of_other_shapes_and_values_are_read_anew() -> None:
    model, draws = with_table()
    compute = on_draws(model, {"total": model["total"]})
    assert compute(draws)["total"].values.tolist() == [[6.0] * 4]
    with model:
        pm.set_data({"d": np.array([5.0])})
    assert compute(draws)["total"].values.tolist() == [[5.0] * 4]
    with model:
        pm.set_data({"d": np.array([7.0])})
    assert compute(draws)["total"].values.tolist() == [[7.0] * 4]


def test_draws_are_computed_by_many_threads_at_once() -> None:
    """Also where the generator does not know an operation, and PyTensor computes instead."""
    model, _ = with_table()
    flags = config.cxx
    for expression in (model["x"] * 3, pt.cumsum(model["x"] * np.ones(2)).sum() + model["x"]):
        compute = on_draws(model, {"tripled": expression})

        def run(number: int, compute: OnDraws = compute) -> bool:
            draws = xr.Dataset({"x": (("chain", "draw"), [[number, 2.0 * number]])}, {"chain": [0], "draw": [0, 1]})
            found = compute(draws)["tripled"].values[0, :, ...]
            factor = 3 if found[0] == 3 * number else 4
            return bool(np.allclose(found, np.array([1, 2]) * number * factor))

        with ThreadPoolExecutor(16) as threads:
            assert all(threads.map(run, range(64)))
    assert config.cxx == flags
