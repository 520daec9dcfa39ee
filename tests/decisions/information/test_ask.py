"""The ranking of what to ask next: on trees whose draws come from the prior."""

from __future__ import annotations

import numpy as np
import pytest

from blackball.decisions.information import ask
from blackball.decisions.information.costs import cost_of, read_costs
from blackball.errors import InputError
from tests.decisions.information.drawn import drawn, governed
from tests.synthetic import governed as by_horizon


@pytest.fixture(scope="module", params=["mixture", "consensus"])
def asking(request):
    return ask(governed(request.param))


def test_it_says_what_is_lost_and_what_is_best_now(asking):
    assert asking.weights == {"harm": 1.0}
    assert asking.now in ("open", "closed")
    assert asking.regimes == {"open": "open", "closed": "closed"}
    assert asking.everything.gain > 0.05


def test_nothing_is_worth_more_than_everything_nor_an_answer_than_what_it_is_about(asking):
    table = asking.questions
    assert (asking.parameters["gain"] <= asking.everything.gain).all()
    assert (table["most"] <= asking.everything.gain).all()
    assert (table["gain"] <= table["most"] + 4 * np.hypot(table["gain_mcse"], table["most_mcse"])).all()
    assert (table["gain"] >= 0).all()


def test_what_bears_on_the_choice_comes_first_and_what_does_not_last(asking):
    assert asking.parameters["parameter"].tolist()[-1] == "u"
    assert not asking.parameters["told"].iloc[-1]
    assert asking.questions["question"].tolist()[-1] == "u"
    assert not asking.questions["told"].iloc[-1]
    assert asking.questions["told"].iloc[0]
    pairs = set(zip(asking.questions["question"], asking.questions["expert"], strict=True))
    assert {("p", "a new expert"), ("p", "cay"), ("p", "eve"), ("q", "a new expert")} <= pairs
    assert not {("p", "ann"), ("q", "ann"), ("r", "a new expert")} & pairs


def test_illustrative_priors_are_named(asking):
    marked = asking.parameters.set_index("parameter")["illustrative"]
    assert marked.to_dict() == {"p": False, "q": True, "u": False}
    assert asking.illustrative_priors == ("q",)
    assert not asking.leans


def test_the_same_seed_gives_the_same_ranking():
    fit = governed("mixture")
    first, again, other = (ask(fit, seed=seed).questions for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


def test_weights_scale_gains_and_their_errors():
    fit = governed("mixture")
    once, twice = ask(fit, {"harm": 1.0}).questions, ask(fit, {"harm": 2.0}).questions
    assert twice["gain"].to_numpy() == pytest.approx(2 * once["gain"].to_numpy())
    assert twice["sharper"].to_numpy() == pytest.approx(once["sharper"].to_numpy())


def test_costs_are_taken_off_and_change_the_order():
    fit = governed("mixture")
    free = ask(fit).questions
    costs = {("", "q"): 1.0, ("", "harm"): 1.0, ("eve", ""): 0.25, ("eve", "p"): 0.5}
    dear = ask(fit, costs=costs).questions
    row = dear[(dear["question"] == "p") & (dear["expert"] == "eve")].iloc[0]
    assert row["cost"] == 0.75
    assert row["net"] == pytest.approx(row["gain"] - 0.75)
    assert free["id"].iloc[0] in ("q", "harm")
    assert dear["id"].iloc[0] == "p"
    assert (dear["id"].iloc[-1]) in ("q", "harm")


def test_without_a_choice_what_counts_is_how_much_surer_one_gets():
    asking = ask(drawn("mixture"), costs={("", "harm"): 0.5})
    assert asking.regimes == {}
    assert (asking.questions["gain"] == 0).all()
    assert asking.questions["net"].isna().all()
    assert asking.questions["sharper"].is_monotonic_decreasing
    assert asking.questions["sharper"].iloc[0] > 0.1
    assert asking.parameters["sharper"].iloc[-1] < 0.01


def test_it_reads_as_a_list(asking):
    lines = str(asking).splitlines()
    assert lines[1].startswith("ask ")
    assert "about" in lines[1]
    assert "expected gain" in lines[1]
    assert lines[-1] == "trusted"


def test_a_loss_is_taken_where_it_is_asked_for():
    from blackball.decisions.information.loss import loss_of

    fit = by_horizon()
    last, first = loss_of(fit, {"catastrophe": 1}), loss_of(fit, {"catastrophe": 1}, "horizon = 2030")
    assert (last["at"].item(), first["at"].item()) == ("horizon=2100", "horizon=2030")
    expected = fit["posterior"]["catastrophe"].sel(horizon=2030)
    assert first.values == pytest.approx(expected.transpose("chain", "draw", "regime").values)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"weights": {"harn": 1}}, "no outcome to weigh has this name; valid: harm"),
        ({"weights": {"harm": -1}}, "at least 0"),
        ({"at": "horizon=2050"}, "loss, at has 'horizon=2050': the weighed outcomes have no such labels"),
        ({"costs": {("zoe", ""): 1.0}}, "expert has 'zoe': no expert to ask has this name; valid: ann, ben"),
        ({"costs": {("", "r"): 1.0}}, "question has 'r': no question to ask has this name; valid: harm, p, q, u"),
        ({"costs": {("", ""): np.nan}}, "a cost is a finite number of at least 0"),
    ],
)
def test_what_is_not_there_is_refused_with_the_valid_names(given, says):
    with pytest.raises(InputError, match=says):
        ask(drawn("mixture"), **given)


def test_costs_are_read_and_add_up(tmp_path):
    (tmp_path / "costs.csv").write_text("expert,question,cost\n,,1\nann,,0.5\nann,p,0.25\n,q,4\n")
    costs = read_costs(tmp_path / "costs.csv")
    assert cost_of(costs, "ann", "p") == 1.75
    assert cost_of(costs, "ben", "q") == 5
    assert cost_of({}, "ben", "q") == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("expert,question,cost\nann,,x\n", "row 2, column cost has 'x': a cost is a finite number of at least 0"),
        ("expert,question,cost\nann,,-1\n", "row 2, column cost has '-1'"),
        ("expert,question,cost\nann,,\n", "row 2, column cost has ''"),
        ("expert,question,cost\nann,,1\nann,,2\n", "row 3, column expert has 'ann': this expert and question"),
        ("expert,cost\nann,1\n", "column question: lacks this column; its columns are expert, question, cost"),
        ("expert,question,cost,price\nann,,1,1\n", "column price has 'price': no such column"),
    ],
)
def test_a_wrong_file_of_costs_is_told_with_its_place(tmp_path, text, says):
    (tmp_path / "costs.csv").write_text(text)
    with pytest.raises(InputError, match=says):
        read_costs(tmp_path / "costs.csv")
