"""The structure drawn from built models."""

import re

import pymc as pm
import pymc.dims as pmd
import pytest

from blackball.cli.inputs import own_panel, own_regimes
from blackball.modelling import evidence, judged, outcome, probability, quantities
from blackball.reporting.diagram import LEGEND, diagram, structure
from blackball.risk_model import load_model

WIDE = probability((0.1, 0.9), source="illustrative: wide")
QUESTION = {"support": "probability"}
POINT = {"expert": "ann", "form": "point", "value": 0.1}


def shipped_model(name):
    risk = load_model(name)
    return risk.build(own_panel(risk), own_regimes(risk))


@pytest.fixture
def small(make_panel):
    """Quantities a to g; the model goes on with an expression that it has named; d is counted, e used by nothing."""
    panel = make_panel(
        [{**POINT, "question": "bad"}, {**POINT, "question": "b"}, {**POINT, "question": "seed"}],
        [{**QUESTION, "question": name} for name in ("bad", "b")]
        + [{**QUESTION, "question": "seed", "realisation": 0.2}],
        ["ann"],
    )
    with pm.Model(coords={"year": [1, 2]}) as model:
        q = quantities(dict.fromkeys("abcdefg", WIDE))
        years = pmd.Data("years", [1.0, 2.0], dims="year")
        pmd.Data("unused", 3.0)
        step = q["a"] * q["b"]
        outcome("half_way", step)
        outcome("bad", step * q["c"] * q["d"] * q["f"] * q["g"], headline=True)
        outcome("bad_by_year", step * years / 2)
        evidence("tests", q["d"], events=3, trials=10)
        judged(panel)
    return model


def test_an_edge_passes_through_no_other_named_thing(small):
    edges = structure(small).edges
    assert edges["a"] == edges["b"] == ("half_way",)
    assert edges["half_way"] == ("bad", "bad_by_year")
    assert edges["c"] == edges["f"] == edges["g"] == ("bad",)
    assert edges["d"] == ("bad", "tests")
    assert edges["years"] == ("bad_by_year",)
    assert edges["e"] == edges["bad"] == edges["tests"] == ()


def test_only_what_the_model_states_is_a_node(small):
    nodes = structure(small).nodes
    kinds = {name: node.kind for name, node in nodes.items()}
    assert [name for name in nodes if name in set("abcdefg")] == list("abcdefg")
    assert {name for name, kind in kinds.items() if kind == "known"} == {"years"}
    assert (kinds["half_way"], kinds["bad"], kinds["tests"]) == ("outcome", "headline", "evidence")
    assert nodes.keys() == set("abcdefg") | {"years", "half_way", "bad", "bad_by_year", "tests"}
    assert nodes["bad_by_year"].dims == ("year",)


def test_judgements_are_counted_where_they_bear_and_seeds_are_not(small):
    nodes = structure(small).nodes
    assert {name: node.answers for name, node in nodes.items() if node.answers} == {"bad": 1, "b": 1}


def test_what_is_alike_shares_a_box_and_what_is_judged_stands_alone(small):
    text = diagram(small)
    assert 'v_b("b<br>1 judgement"):::judged_quantity' in text
    assert "v_b --> v_half_way" in text
    assert 'v_tests[("tests")]:::evidence' in text
    assert 'v_bad_by_year{{"bad by year, by year"}}:::outcome' in text
    assert 'v_c("c<br>f<br>g"):::quantity' in text
    assert "v_f" not in text


def test_the_drawing_says_what_the_structure_says(small):
    for model in (small, shipped_model("power-seeking")):
        found, text = structure(model), diagram(model)
        boxes = dict(re.findall(r'^    v_(\w+)\W+"([^"]*)"', text, re.MULTILINE))
        arrows = re.findall(r"v_(\w+) --> v_(\w+)$", text, re.MULTILINE)
        labels = {name: [line.split(",")[0] for line in label.split("<br>")] for name, label in boxes.items()}
        holder = {inside: name for name, lines in labels.items() for inside in lines}
        drawn = {(line, end) for start, end in arrows for line in labels[start]}
        wanted = {(name.replace("_", " "), end) for name, ends in found.edges.items() for end in ends}
        assert wanted <= drawn
        assert len(arrows) == len(set(arrows)) <= len(wanted)
        assert all(name.replace("_", " ") in holder for name in found.nodes)


def test_every_kind_has_a_look_and_a_place_in_the_legend(small):
    text = diagram(small)
    used = set(re.findall(r":::(\w+)", text))
    assert used == set(re.findall(r"classDef (\w+) ", text))
    assert all(f'"{words}"' in text for words in LEGEND.values())
    assert "counted evidence" not in diagram(shipped_model("urn"))


def test_the_same_model_gives_the_same_text():
    assert diagram(shipped_model("urn")) == diagram(shipped_model("urn"))


def test_a_changed_argument_gives_another_drawing(small):
    """Negative control: without the last factor its edge is gone."""
    with pm.Model() as model:
        q = quantities(dict.fromkeys("abc", WIDE))
        outcome("bad", q["a"] * q["b"], headline=True)
    assert structure(model).edges == {"a": ("bad",), "b": ("bad",), "c": (), "bad": ()}
    assert diagram(model) != diagram(small)


def test_numbers_read_while_the_model_is_built_are_said_to_be():
    with pm.Model() as model:
        seats = pmd.Data("seats", 3.0)
        seats.tag.given = True
        outcome("bad", quantities({"a": WIDE})["a"] ** 3, headline=True)
    assert structure(model).nodes["seats"].kind == "known"
    assert 'v_seats[["seats<br>(shape the model as it is built)"]]' in diagram(model)
