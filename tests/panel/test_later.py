from __future__ import annotations

import pandas as pd
import pytest

from blackball.errors import InputError
from blackball.panel import Panel, Revision, fingerprint
from blackball.panel.later import later_judgements
from blackball.panel.schema import JUDGEMENTS
from blackball.panel.table import as_table

OLD = "ann,doom,,,1,point,,.1,s\nbob,doom,,,2,point,,.1,s\n"


def new(*rows: tuple[str, str, int, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["expert", "question", "round", "value"]).assign(form="point", source="t")


def append(old: Panel, rows: pd.DataFrame) -> Panel:
    """Check new judgements against a panel, and add them."""
    later = later_judgements(as_table(rows, JUDGEMENTS, "new judgements"), old)
    return Revision(old, later, old.judgements.iloc[:0], old.experts.iloc[:0]).applied()


def test_new_judgements_follow_the_old_which_stay(panel):
    old = panel(OLD)
    before = fingerprint(old)
    both = append(old, new(("ann", "doom", 2, 0.2), ("cyd", "doom", 1, 0.3)))
    assert both.judgements["number"].tolist() == [0.1, 0.1, 0.2, 0.3]
    assert both.judgements["value"].tolist() == [".1", ".1", "0.2", "0.3"]
    assert fingerprint(old) == before
    assert len(old.judgements) == 2


def test_an_answer_of_the_same_or_an_earlier_round_is_refused(panel):
    with pytest.raises(InputError) as caught:
        append(panel(OLD), new(("cyd", "doom", 1, 0.2), ("bob", "doom", 1, 0.2), ("ann", "doom", 1, 0.2)))
    places = [(p.file, p.row, p.column, p.value) for p in caught.value.problems]
    assert places == [("new judgements", 3, "round", "1"), ("new judgements", 4, "round", "1")]
    assert "round 2" in caught.value.problems[0].rule


def test_new_judgements_are_checked_in_themselves(panel):
    with pytest.raises(InputError) as caught:
        append(panel(OLD), new(("cyd", "doom", 1, 2.0)))
    assert [(p.row, p.column, p.value) for p in caught.value.problems] == [(2, "value", "2")]
