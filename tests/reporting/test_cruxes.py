from dataclasses import replace

import pandas as pd

from blackball.decisions import compare
from blackball.decisions.break_even import COLUMNS
from blackball.reporting.table import render

from ..synthetic import TITLES, governed


def table_of(width=100):
    names = list(TITLES)[1:]
    one = dict.fromkeys(COLUMNS, "") | {"outcome": "catastrophe", "at": "horizon=2100"}
    omega = {"crux": "offence_advantage", "unit": "log odds", "low": -4.0, "high": 2.0, "ratio_low": 0.5}
    fate = {"crux": "shared_fate", "unit": "probability", "low": 0.01, "high": 0.99, "ratio_low": 1.0}
    crossing = {"ratio_high": 1.25, "value": 0.7, "safer": "below", "p_safer": 0.5}
    never = {"ratio_high": 1.0, "value": float("nan"), "safer": "same", "p_safer": float("nan")}
    rows = [one | omega | crossing | {"regime": name} for name in names]
    rows += [one | fate | never | {"regime": name} for name in names]
    return render(replace(compare(governed()), break_even=pd.DataFrame(rows)), width)


def test_ratios_at_both_ends_and_the_break_even_are_shown():
    text = table_of()
    assert "What would have to be true: P(catastrophe) by 2100 against" in text
    assert text.count("0.50 to 1.25") == 5
    assert text.count("= at 0.7") == 5
    assert "the same" in text
    assert "1.0 to 99 %" in text


def test_the_weight_of_power_is_a_column():
    weights = compare(governed()).break_even_weights
    signs = {"below": "<", "above": ">"}
    shown = [f"{signs[row.better]} {row.weight:.2g}" for row in weights.itertuples() if row.better in signs]
    assert shown
    assert all(cell in table_of() for cell in shown)
    assert "power concentration" in table_of()


def test_a_hundred_columns_are_enough():
    assert max(map(len, table_of().splitlines())) <= 100


def test_without_cruxes_there_is_no_table():
    assert "What would have to be true" not in render(compare(governed()), 100)
