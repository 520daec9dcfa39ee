"""Loading a model file, and building it for what it is given; nothing is compiled or sampled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from blackball.errors import InputError, ModelError
from blackball.panel import Panel, read_panel
from blackball.regimes import Regimes, read_regimes
from blackball.regimes.read import parse_regimes
from blackball.risk_model import RiskModel, load_model, model_from_source, parameters, shipped_models
from blackball.shipped import shipped
from tests.conftest import MakePanel

BUILD = "def build(panel, regimes, experts):\n"
MODEL = '''"""How likely?  A small model."""
import pymc as pm
from blackball.modelling import judged, outcome, probability, quantities

def build(panel, regimes, experts):
    with pm.Model(coords={"regime": regimes.names} if regimes else {}):
        q = quantities({"bad": probability((0.1, 0.9), source="illustrative: wide")})
        outcome("catastrophe", q["bad"] / 2, headline=True)
        judged(panel, experts)
        return pm.modelcontext(None)
'''
POINT = {"expert": "ann", "question": "doom", "form": "point", "value": 0.1}
QUESTION = {"question": "doom", "variable": "catastrophe", "support": "probability"}


@pytest.fixture(scope="module")
def one_or_many() -> RiskModel:
    return load_model("one-or-many")


@pytest.fixture(scope="module")
def western() -> Panel:
    return read_panel(shipped("data") / "western-projects")


@pytest.fixture
def changed() -> Callable[[str, str], Regimes]:
    """The shipped regimes with one text in place of another."""
    text = (shipped("data") / "regimes.toml").read_text(encoding="utf-8")

    def change(old: str, new: str) -> Regimes:
        assert old in text
        return parse_regimes(text.replace(old, new, 1), "regimes.toml")

    return change


@pytest.fixture
def small(make_panel: MakePanel) -> Panel:
    return make_panel([POINT], [QUESTION], ["ann"])


def load(folder: Path, source: str) -> RiskModel:
    path = folder / "my_model.py"
    path.write_text(source)
    return load_model(path)


def test_a_model_is_its_file(tmp_path):
    risk = load(tmp_path, MODEL + 'PANEL = "urn"\n')
    assert (risk.name, risk.panel, risk.regimes) == ("my-model", "urn", None)
    assert risk.question == "How likely?  A small model."
    assert risk.file == str(tmp_path / "my_model.py")
    assert risk.fingerprint != load(tmp_path, MODEL).fingerprint


@pytest.mark.parametrize("name", ["one-or-many", "one_or_many", Path("power_seeking"), "urn"])
def test_shipped_models_go_by_name_however_it_is_spelt(name):
    risk = load_model(name)
    assert risk.name == str(name).replace("_", "-")
    assert risk.source == shipped_models()[risk.name].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["nowhere.py", "nonsense", "."])
def test_a_missing_file_is_told_with_the_names_that_are_shipped(name):
    with pytest.raises(InputError, match=r"shipped models: .*one-or-many, .*urn") as caught:
        load_model(name)
    assert caught.value.problems[0].file == name


def test_a_file_that_is_no_text_is_told(tmp_path):
    (tmp_path / "m.py").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is not UTF-8 text"):
        load_model(tmp_path / "m.py")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("x = 1\ndef build(:\n", "line 2: the model raises SyntaxError: invalid syntax"),
        ("\n\nimport nonsense_package\n", "line 3: the model raises ModuleNotFoundError: No module named"),
        ("x = 1 / 0\n", "line 1: the model raises ZeroDivisionError: division by zero"),
        ("def f():\n    assert False\nf()\n", "line 2: the model raises AssertionError"),
        ("raise SystemExit(3)\n", "line 1: the model raises SystemExit: 3"),
        ("x = 1\x00\n", "the model raises SyntaxError: source code string cannot contain null bytes"),
        ("build = 3\n", "a model file defines build(panel, regimes, experts)"),
    ],
)
def test_a_file_that_fails_to_load_is_told_with_file_line_and_reason(tmp_path, source, says):
    with pytest.raises(ModelError) as caught:
        load(tmp_path, source)
    assert str(caught.value).startswith(str(tmp_path / "my_model.py"))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("    return {}['pace']\n", "line 2: the model raises KeyError: 'pace'"),
        ("    import math\n    return math.log(-1)\n", "line 3: the model raises ValueError: "),
        ("    exit(1)\n", "line 2: the model raises SystemExit: 1"),
        ("    return None\n", ": build returns NoneType, not a pymc.Model"),
    ],
)
def test_a_build_that_fails_is_told_with_file_line_and_reason(tmp_path, small, body, says):
    risk = load(tmp_path, BUILD + body)
    with pytest.raises(ModelError) as caught:
        risk.build(small, None)
    assert str(caught.value).startswith(str(tmp_path / "my_model.py"))
    assert says in str(caught.value)


def test_a_build_of_other_arguments_is_told(tmp_path, small):
    with pytest.raises(ModelError, match=r"my_model\.py: the model raises TypeError: build\(\) takes 1 pos"):
        load(tmp_path, "def build(panel):\n    pass\n").build(small, None)


def test_a_model_builds_from_its_source_alone(small):
    model = model_from_source("my-model", "anywhere.py", MODEL).build(small, None, "consensus")
    assert {"bad", "catastrophe"} <= set(model.named_vars)


def test_an_unknown_expert_model_is_told(small):
    risk = model_from_source("my-model", "anywhere.py", MODEL)
    with pytest.raises(ModelError, match="no expert model 'oracle'; valid: consensus, mixture"):
        risk.build(small, None, "oracle")


def test_a_model_that_compares_regimes_needs_some(one_or_many, western):
    with pytest.raises(ModelError, match="the model compares regimes and needs a regimes file"):
        one_or_many.build(western, None)


def test_a_model_without_regimes_takes_none(small):
    regimes = read_regimes(shipped("data") / "regimes.toml")
    with pytest.raises(ModelError, match=r"the model has no regimes; leave .*regimes\.toml out"):
        model_from_source("my-model", "anywhere.py", MODEL).build(small, regimes)


def test_a_panel_that_names_unknown_regimes_is_told_with_row_and_column(one_or_many, make_panel):
    rows = [
        {**POINT, "regime": "open_rce"},
        {**POINT, "regime": "licensing", "form": "ratio", "given": "status_quu", "value": 0.5},
    ]
    regimes = read_regimes(shipped("data") / "regimes.toml")
    with pytest.raises(InputError) as caught:
        one_or_many.build(make_panel(rows, [QUESTION], ["ann"]), regimes)
    places = [(problem.row, problem.column, problem.value) for problem in caught.value.problems]
    assert sorted(places) == [(2, "regime", "open_rce"), (3, "given", "status_quu")]
    assert all("status_quo" in problem.rule for problem in caught.value.problems)


def test_a_panel_that_names_regimes_fits_no_model_without(make_panel):
    panel = make_panel([{**POINT, "regime": "pause"}], [QUESTION], ["ann"])
    with pytest.raises(InputError, match="row 2, column regime has 'pause'"):
        model_from_source("my-model", "anywhere.py", MODEL).build(panel, None)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({"variable": "catastrofe"}, r"question doom: no variable `catastrofe` in the model bears it"),
        ({"at": "horizon=2050"}, r"`catastrophe` has the dimensions none, the judgement labels horizon"),
    ],
)
def test_a_question_that_no_variable_bears_is_told(make_panel, question, says):
    panel = make_panel([POINT], [{**QUESTION, **question}], ["ann"])
    with pytest.raises(ModelError, match=says):
        model_from_source("my-model", "anywhere.py", MODEL).build(panel, None)


def test_a_missing_label_is_told_with_the_column_that_takes_it(one_or_many, make_panel):
    regimes = read_regimes(shipped("data") / "regimes.toml")
    says = (
        "the judgement labels none; it must label each dimension once; "
        "regime: in the column `regime` of judgements.csv, such as .*; "
        "horizon: in the column `at` of questions.csv, such as horizon=2030"
    )
    with pytest.raises(ModelError, match=says):
        one_or_many.build(make_panel([POINT], [QUESTION], ["ann"]), regimes)


def test_a_label_that_is_not_in_the_model_is_told_with_those_that_are(one_or_many, make_panel):
    rows, question = [{**POINT, "regime": "pause"}], {**QUESTION, "at": "horizon=2051"}
    regimes = read_regimes(shipped("data") / "regimes.toml")
    with pytest.raises(ModelError, match="horizon '2051' is not in the model; valid: 2030, 2050, 2100"):
        one_or_many.build(make_panel(rows, [question], ["ann"]), regimes)


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("pace = { times", "paec = { times", "shifts.paec", "shift this; did you mean 'pace'? (valid: breach, "),
        ("halt_delay = { to = 2", "halt_dela = { to = 2", "sets.halt_dela", "did you mean 'halt_delay'?"),
        (
            "[regime.pause.sets]",
            "[regime.pause.sets]\npace = { to = 1, source = 's' }",
            "sets.pace",
            "set this; shift it instead (valid: conspicuous, ",
        ),
        (
            "[regime.pause.shifts]",
            "[regime.pause.shifts]\nprojects = { times = 2, source = 's' }",
            "shifts.projects",
            "shift this; set it instead (valid: breach, ",
        ),
    ],
)
def test_a_regime_that_names_an_unknown_parameter_is_told(one_or_many, western, changed, old, new, key, says):
    regimes = changed(old, new)
    with pytest.raises(InputError) as caught:
        one_or_many.build(western, regimes)
    (problem,) = caught.value.problems
    assert problem.file == "regimes.toml"
    assert str(problem.column).endswith(key)
    assert says in problem.rule


def test_a_regime_that_shifts_by_the_wrong_kind_of_effect_is_told(one_or_many, western, changed):
    regimes = changed("pace = { times = [0.7", "pace = { odds = [0.7")
    with pytest.raises(ModelError, match="`pace` is a positive quantity, which a regime shifts by `times`"):
        one_or_many.build(western, regimes)


def test_the_reference_has_to_set_what_the_model_needs(one_or_many, western, changed):
    regimes = changed("idle_years = { to = 0, source", "idle = { to = 0, source")
    with pytest.raises(ModelError, match="needs the number `idle_years`, which the reference regime"):
        one_or_many.build(western, regimes)


def test_parameters_are_what_a_regime_may_set_and_shift(one_or_many, western):
    model = one_or_many.build(western, read_regimes(shipped("data") / "regimes.toml"))
    known = parameters(model)
    assert {"projects", "seats_trust", "idle_years"} <= known["sets"]
    assert {"pace", "misaligned", "breach"} <= known["shifts"]
    assert not known["sets"] & known["shifts"]


@pytest.mark.parametrize("name", ["power-seeking", "urn"])
def test_models_without_regimes_build_on_their_own_panels(name):
    risk = load_model(name)
    model = risk.build(read_panel(shipped("data") / str(risk.panel)), None)
    assert parameters(model) == {"sets": set(), "shifts": set()}
