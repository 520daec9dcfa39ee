from __future__ import annotations

import math

import numpy as np
import pytest

from blackball.pools import events_of
from tests.conftest import quantiles


def asked(name: str, realisation: object = "", support: str = "probability") -> dict[str, object]:
    return {"question": name, "support": support, "realisation": realisation}


def point(expert: str, question: str, value: float, form: str = "point") -> dict[str, object]:
    return {"expert": expert, "question": question, "form": form, "value": value}


def logit(p: float) -> float:
    return math.log(p / (1 - p))


def test_medians_are_laid_out_as_log_odds(make_panel):
    said = [
        *quantiles("bob", "no", (0.1, 0.25, 0.7)),
        point("ann", "no", 0.8),
        point("ann", "yes", "1:19", form="odds"),
    ]
    events = events_of(make_panel(said, [asked("yes", 1), asked("no", 0)], ["bob", "ann"]))
    assert (events.panel, events.questions, events.experts) == ("made", ("yes", "no"), ("bob", "ann"))
    assert events.log_odds[1] == pytest.approx([logit(0.25), logit(0.8)])
    assert events.log_odds[0, 1] == pytest.approx(logit(0.05))
    assert np.isnan(events.log_odds[0, 0])
    assert events.outcomes.tolist() == [1, 0]
    assert events.seeds.tolist() == [0, 1]


def test_an_event_not_known_yet_has_no_outcome(make_panel):
    said = [point("ann", "open", 0.3), point("ann", "yes", 0.6)]
    events = events_of(make_panel(said, [asked("open"), asked("yes", 1)], ["ann"]))
    assert events.questions == ("open", "yes")
    assert np.isnan(events.outcomes[0])
    assert events.seeds.tolist() == [1]


def test_shares_and_quantities_are_no_events(make_panel):
    said = [point("ann", name, 0.3) for name in ("share", "size", "drift", "yes")]
    questions = [asked("share", 0.4), asked("size", 1, "positive"), asked("drift", 0, "real"), asked("yes", 1)]
    assert events_of(make_panel(said, questions, ["ann"])).questions == ("yes",)


@pytest.mark.parametrize(("stated", "sign"), [(0, -1), (1, 1)])
def test_an_exact_zero_or_one_is_rounding(make_panel, stated, sign):
    said = [point("ann", "yes", stated), point("ann", "no", 0.31)]
    events = events_of(make_panel(said, [asked("yes", 1), asked("no", 0)], ["ann"]))
    assert math.isfinite(events.log_odds[0, 0])
    assert sign * events.log_odds[0, 0] > logit(0.99)


def test_a_panel_without_events_has_none(make_panel):
    events = events_of(make_panel(quantiles("ann", "drift", (1, 2, 3)), [asked("drift", 2, "real")], ["ann"]))
    assert events.questions == ()
    assert events.log_odds.shape == (0, 1)
    assert events.seeds.size == 0
