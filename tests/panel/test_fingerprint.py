from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blackball.panel import fingerprint


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_order_and_name_do_not_matter(panels, data):
    panel = data.draw(panels)
    frames = {
        name: frame.iloc[data.draw(st.permutations(range(len(frame))))]
        for name, frame in vars(panel).items()
        if name != "name"
    }
    assert fingerprint(replace(panel, name="other", **frames)) == fingerprint(panel)


def test_every_table_matters(panel):
    read = panel("ann,doom,,,,point,,.1,s\n")
    changed = [
        replace(read, judgements=read.judgements.assign(value=".2")),
        replace(read, experts=read.experts.assign(camp="blue")),
        replace(read, questions=read.questions.assign(unit="K")),
        replace(read, questions=read.questions.assign(scale="uniform")),
    ]
    assert len({fingerprint(one) for one in [read, *changed]}) == 5
    assert len(fingerprint(read)) == 64
