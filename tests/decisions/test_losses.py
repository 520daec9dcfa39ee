"""A table of losses is refused, with every problem and its row, before anything is decided on it."""

import pandas as pd
import pytest

from blackball.decisions import decide, losses_of, read_losses
from blackball.errors import InputError, ModelError

from ..synthetic import governed, urn

HEADER = "outcome,at,regime,loss,unit,source\n"
GOOD = "catastrophe,horizon=2100,,1000,points,made for a test\n"


@pytest.fixture(scope="module")
def fit():
    return governed()


def said(tmp_path, text, fit):
    file = tmp_path / "losses.csv"
    file.write_text(HEADER + text)
    with pytest.raises(InputError) as caught:
        decide(fit, read_losses(file))
    return str(caught.value)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("", "is empty: it needs at least one row of losses"),
        ("catastrophe,horizon=2100,,much,points,x\n", "row 2, column loss has 'much': must be a finite number"),
        ("catastrophe,horizon=2100,,inf,points,x\n", "row 2, column loss has 'inf': must be a finite number"),
        ("catastrophe,horizon=2100,,1,,x\n", "row 2, column unit has '': must say what losses are counted in"),
        (GOOD + "power_concentration,,,1,lives,x\n", "row 3, column unit has 'lives': all losses are in one unit"),
        ("catastrophe,horizon=2100,,1,points,\n", "row 2, column source has '': must say where"),
        (GOOD + ",horizon=2100,,1,points,x\n", "row 3, column at has 'horizon=2100': a cost without an outcome"),
        (GOOD + GOOD, "row 3, column outcome has 'catastrophe': an earlier row"),
        (",,moratorium,1,points,x\n", "names no outcome, so that the posterior has no say"),
        ("catastrofe,horizon=2100,,1,points,x\n", "row 2, column outcome has 'catastrofe': unknown outcome; did you"),
        ("pace,,,1,points,x\n", "unknown outcome; valid names: catastrophe, power_concentration"),
        ("catastrophe,,,1,points,x\n", "catastrophe needs one of horizon=2030, horizon=2050, horizon=2100"),
        ("catastrophe,horizon=2099,,1,points,x\n", "unknown label; did you mean 'horizon=2100'"),
        ("power_concentration,horizon=2100,,1,points,x\n", "column at has 'horizon=2100': unknown label"),
        ("power_concentration,,moratorum,1,points,x\n", "unknown regime; did you mean 'moratorium'"),
        (
            GOOD + ",,moratorium,5,points,x\n,,licensing,1,points,x\n",
            "row 3, column regime: a cost is stated for some regimes and not for status_quo, open_race, treaty_bundle",
        ),
        ("catastrophe,horizon=2100,open_race,1,points,x\n", "the loss of catastrophe is stated for some regimes and"),
    ],
)
def test_a_wrong_table_is_refused_with_its_row(tmp_path, fit, rows, says):
    assert says in said(tmp_path, rows, fit)


def test_all_problems_are_told_at_once_in_the_order_of_rows(tmp_path, fit):
    text = said(tmp_path, "catastrofe,,,1,points,x\npower_concentration,,x,1,points,x\n", fit)
    assert [line.split(",")[1].strip() for line in text.splitlines()] == ["row 2", "row 3"]


def test_a_table_made_in_a_script_is_held_to_the_same():
    frame = pd.DataFrame({"outcome": ["power_concentration"], "loss": [2.5], "unit": ["points"], "source": ["a test"]})
    assert losses_of(frame).rows["loss"].tolist() == [2.5]
    with pytest.raises(InputError, match="losses, regimes: unknown column; did you mean 'regime'"):
        losses_of(frame.assign(regimes="all"))
    with pytest.raises(InputError, match="losses, unit: lacks this column"):
        losses_of(frame.drop(columns="unit"))
    with pytest.raises(InputError, match="is empty"):
        losses_of(frame.iloc[:0])
    with pytest.raises(InputError, match="row 2, column loss has '': must be a finite number"):
        losses_of(frame.assign(loss=float("nan")))


def test_without_regimes_there_is_nothing_to_decide():
    frame = pd.DataFrame([("any_misaligned", "draws=1", 1, "points", "x")], columns=["outcome", "at", *"lus"])
    losses = losses_of(frame.rename(columns={"l": "loss", "u": "unit", "s": "source"}))
    with pytest.raises(ModelError, match="has 0 regimes: a decision is between two or more"):
        decide(urn(), losses)
