"""Simulated answers are those of the expert models, and what they are worth agrees with nested Monte Carlo."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from pytensor.xtensor import as_xtensor
from scipy import stats

from blackball.decisions.information import evppi, evsi
from blackball.decisions.information.answers import answers, to_ask
from blackball.decisions.information.consensus_answers import consensus_answers
from blackball.decisions.information.mixture_answers import share_of_weight
from blackball.decisions.information.questions import NEW, open_questions
from blackball.errors import ModelError
from blackball.modelling.experts.mixture import FEATURES, mixture_table, recalibrated
from tests.decisions.information.drawn import drawn, governed
from tests.synthetic import governed as by_horizon


def simulated(fit, question, expert, seed=1):
    asked = open_questions(fit)
    return asked.truth.sel(question=question), answers(fit, asked)(question, expert, np.random.default_rng(seed))


def parameter(fit, name):
    return fit["posterior"]["recalibration"].sel(hyperparameter=name, drop=True)


def scale(fit, question):
    width = open_questions(fit).table.loc[question, "width"]
    return np.hypot(width * parameter(fit, "width"), parameter(fit, "extra_width"))


def inside(z, half):
    """Return how many standard errors the share of |z| below its supposed median is from one half."""
    share = np.mean(np.abs(np.asarray(z)) < half)
    return (share - 0.5) / (0.5 / np.sqrt(np.size(z)))


def weights_of_the_model(fit, expert):
    """Return the weights on p, had `expert` given an answer of the usual width, as the expert model reckons them."""
    encoded = fit["encoded"].to_dataset().sel(judged=["p"]).copy(deep=True)
    for name, value in (("answered", True), ("has_width", True)):
        encoded[name].loc[{"expert": expert}] = value
    for name in ("lower", "upper"):
        encoded[name].loc[{"expert": expert}] = encoded["usual_width"].item()
    table = mixture_table(encoded, xr.ones_like(encoded["location"]))
    found = []
    for draw in range(5):
        now = fit["posterior"].dataset.isel(chain=0, draw=draw)
        names = now["hyperparameter"].values.tolist()
        value = {name: as_xtensor(now["recalibration"].sel(hyperparameter=name).item()) for name in names}
        logs = as_xtensor(np.log(now["weight"].values), dims=("expert",))
        answer = recalibrated(as_xtensor(table.values, dims=table.dims), value, logs, as_xtensor(1.0))
        log_weight = answer["log_weight"].transpose("judged", "expert").eval()[0]
        found.append(np.exp(log_weight) / np.exp(log_weight).sum())
    assert table.sizes["feature"] == len(FEATURES)
    return xr.DataArray(found, dims=("draw", "expert"), coords={"expert": encoded["expert"].values})


@pytest.mark.parametrize("expert", ["cay", "eve"])
def test_the_share_of_one_more_answer_is_that_of_the_expert_model(expert):
    fit = drawn("mixture")
    weights = weights_of_the_model(fit, expert)
    found = share_of_weight(fit, open_questions(fit))("p", expert)[0, :5]
    assert found == pytest.approx(weights.sel(expert=expert).values, rel=1e-10)
    other = share_of_weight(fit, open_questions(fit))("p", {"cay": "eve", "eve": "cay"}[expert])[0, :5]
    assert found != pytest.approx(other, rel=1e-3)  # camps of two and of one are discounted differently


def test_a_new_expert_counts_as_a_usual_one():
    fit = drawn("mixture")
    share = share_of_weight(fit, open_questions(fit))
    assert np.all((share("p", NEW) > 0) & (share("p", NEW) < 1))
    assert np.all(share("q", NEW) == 1)


def test_an_answer_to_what_nobody_judged_lies_about_the_truth():
    fit = drawn("mixture")
    truth, answer = simulated(fit, "q", NEW)
    z = (truth - answer) / scale(fit, "q")
    half = stats.t.ppf(0.75, parameter(fit, "degrees").values)
    assert abs(inside(z.values / half, 1.0)) < 4
    assert abs(inside(0.8 * z.values / half, 1.0)) > 4
    assert abs(stats.spearmanr(z.values.ravel(), truth.values.ravel()).statistic) < 4 / np.sqrt(z.size)


def test_an_answer_beside_others_looks_the_same_and_says_less():
    fit = drawn("mixture")
    truth, answer = simulated(fit, "p", "eve")
    noise = scale(fit, "p") * np.random.default_rng(9).standard_t(parameter(fit, "degrees"))
    assert stats.ks_2samp(answer.values.ravel(), (truth + noise).values.ravel()).pvalue > 0.01
    share = share_of_weight(fit, open_questions(fit))("p", "eve").mean()
    said, full = (stats.spearmanr(truth.values.ravel(), x.values.ravel()).statistic for x in (answer, truth + noise))
    assert said / full == pytest.approx(share, abs=4 / np.sqrt(truth.size) / full)


def test_an_answer_in_the_consensus_has_the_error_of_all_and_the_experts_own():
    fit = drawn("consensus")
    truth, answer = simulated(fit, "p", "eve")
    posterior = fit["posterior"]
    shared = parameter(fit, "shared_sd") * posterior["shared"].sel(judged="p")
    own = posterior["bias"].sel(expert="eve")
    width = posterior["skill"].sel(expert="eve") * scale(fit, "p")
    half = stats.t.ppf(0.75, 4)
    assert abs(inside((answer - truth - shared - own) / width, half)) < 4
    assert abs(inside((answer - truth - own) / width, half)) > 4
    assert abs(inside((answer - truth - shared) / width, half)) > 4


@pytest.mark.parametrize("experts", ["mixture", "consensus"])
def test_who_has_answered_is_not_asked_again(experts):
    fit = drawn(experts)
    asked = open_questions(fit)
    assert to_ask(fit, asked, "p") == [NEW, "cay", "eve"]
    assert to_ask(fit, asked, "q") == [NEW]


def test_what_is_open_is_what_was_judged_and_what_might_be_and_no_seed():
    table = open_questions(drawn("mixture")).table
    assert table.index.tolist() == ["p", "q", "u", "harm"]
    assert table["judged"].tolist() == [True, False, False, False]
    assert table["answers"].tolist() == [3, 0, 0, 0]
    assert table["illustrative"].tolist() == [False, True, False, False]


def test_truth_is_in_units_of_the_question():
    fit = drawn("mixture")
    asked, p = open_questions(fit), fit["posterior"]["p"]
    cell = fit["encoded"].to_dataset().sel(judged="p")
    expected = (np.log(p / (1 - p)) - cell["centre"].item()) / cell["unit"].item()
    assert asked.truth.sel(question="p").values == pytest.approx(expected.values)
    # Nobody judges a positive quantity: its usual answer is half a unit of log wide.
    years = np.log(fit["posterior"]["u"])
    assert asked.truth.sel(question="u").values == pytest.approx(((years - years.median()) / 0.5).values)


def test_a_ratio_is_a_difference_of_logs_and_labels_pick_their_cell():
    fit = by_horizon()
    cells = fit["encoded"].to_dataset().drop_sel(judged="breach")
    units = {"centre": 0.5, "unit": 2.0, "usual_width": 1.0}
    count = cells.sizes["judged"]
    fit["encoded"] = xr.DataTree(cells.assign({name: ("judged", [value] * count) for name, value in units.items()}))
    asked, risk = open_questions(fit), fit["posterior"]["catastrophe"]
    above, below = (risk.sel(regime=name, horizon=2030) for name in ("licensing", "status_quo"))
    ratio = asked.truth.sel(question="c2030 | licensing / status_quo")
    assert ratio.values == pytest.approx(((np.log(above / below) - 0.5) / 2).values)
    absolute = asked.truth.sel(question="c2030")
    assert absolute.values == pytest.approx(((np.log(below / (1 - below)) - 0.5) / 2).values)
    assert {"catastrophe | horizon=2050 | licensing", "pace"} <= set(asked.table.index)
    assert not {"catastrophe | horizon=2030 | status_quo", "power_concentration | moratorium'"} & set(asked.table.index)


def nested(fit, loss, question, expert, outer=400):
    """Return the value of an answer by weighting all draws for each of some answers, with its standard error."""
    asked = open_questions(fit)
    truth = asked.truth.sel(question=question).values.ravel()
    width, degrees = scale(fit, question).values.ravel(), parameter(fit, "degrees").values.ravel()
    share = share_of_weight(fit, asked)(question, expert).ravel()
    answer = answers(fit, asked)(question, expert, np.random.default_rng(8)).values.ravel()
    losses = loss.transpose("chain", "draw", "regime").values.reshape(-1, loss.sizes["regime"])
    now = np.argmin(losses.mean(axis=0))
    avoided = []
    for m in answer[np.random.default_rng(7).permutation(len(answer))[:outer]]:
        own = stats.t.pdf((truth - m) / width, degrees) / width
        weight = share * own + (1 - share) * own.mean()
        expected = weight @ losses / weight.sum()
        avoided.append(expected[now] - expected.min())
    return np.mean(avoided), np.std(avoided) / np.sqrt(outer)


@pytest.mark.parametrize(("question", "expert"), [("q", NEW), ("p", "eve")])
def test_the_value_of_an_answer_agrees_with_nested_monte_carlo(question, expert):
    fit = governed("mixture")
    loss = fit["posterior"]["harm"]
    truth, answer = simulated(fit, question, expert)
    found = evsi(loss, truth, answer)
    value, error = nested(fit, loss, question, expert)
    assert abs(found.gain - value) < 3 * np.hypot(found.gain_mcse, error)
    assert evppi(loss, truth).gain - value > 3 * np.hypot(found.gain_mcse, error)


def test_another_expert_model_is_refused():
    fit = drawn("mixture").copy()
    fit.attrs["experts"] = "oracle"
    with pytest.raises(ModelError, match=r"no expert model 'oracle'.*valid: consensus, mixture"):
        answers(fit, open_questions(fit))


def test_a_fit_without_each_experts_bias_foresees_nobody() -> None:
    fit = xr.DataTree.from_dict({"posterior": xr.Dataset({"measured": ("judged", [0.0])})})
    fit.attrs = {"model": "many", "experts": "consensus"}
    with pytest.raises(ModelError, match="many: so many experts that their biases and skills are integrated out"):
        consensus_answers(fit, None)
