import json
import math
from pathlib import Path

import jsonschema
import pandas as pd
import pytest

import blackball.reporting.summary_schema as schema
from blackball.decisions import compare
from blackball.reporting.summary import summary, summary_rows, write_csv, write_json

from ..synthetic import governed, ungoverned, urn

PUBLISHED = Path(schema.__file__).with_name("summary.schema.json")


def refuse(constant):
    raise AssertionError(f"{constant} is no JSON")


def exported(fit, folder, weights=None):
    comparison = compare(fit, weights)
    write_json(comparison, fit, folder / "summary.json")
    return json.loads((folder / "summary.json").read_text(encoding="utf-8"), parse_constant=refuse)


def test_published_schema_is_that_of_the_model(tmp_path):
    schema.write_schema(tmp_path / "schema.json")
    assert PUBLISHED.read_text(encoding="utf-8") == (tmp_path / "schema.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("fit", [governed(), governed("failed"), ungoverned(), urn()])
def test_exports_obey_the_published_schema(fit, tmp_path):
    written = exported(fit, tmp_path)
    jsonschema.validate(written, json.loads(PUBLISHED.read_text(encoding="utf-8")))
    assert written["schema_version"] == "1"


def test_the_schema_refuses_what_is_not_an_export(tmp_path):
    written = exported(governed(), tmp_path)
    published = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**written, "verdict": "fine"}, published)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**written, "surprise": 1}, published)


def test_undefined_numbers_are_null(tmp_path):
    written = exported(governed(), tmp_path)
    assert written["outcomes"][0]["p_riskier"] is None
    assert written["diagnosis"][1]["value"] is None


def test_numbers_survive(tmp_path):
    fit = governed()
    written = exported(fit, tmp_path, {"catastrophe": 2})
    comparison = compare(fit, {"catastrophe": 2})
    for name in ("outcomes", "pairs", "ranks", "combined"):
        table = getattr(comparison, name)
        assert [row[table.columns[-1]] for row in written[name]] == [
            None if isinstance(value, float) and math.isnan(value) else value for value in table.iloc[:, -1]
        ]
    assert written["weights"] == {"catastrophe": 2.0}


def test_provenance_is_carried_without_whole_files(tmp_path):
    fit = governed()
    fit.attrs["model_source"] = "def build(panel, regimes): ..."
    provenance = exported(fit, tmp_path)["provenance"]
    assert "model_source" not in provenance
    assert provenance["seed"] == 1
    assert provenance["versions"] == {"pymc": "6.4.0"}
    assert provenance["panel"] == "western-projects"


def test_text_that_only_looks_like_json_stays_text():
    fit = governed()
    fit.attrs["question"] = "{one project} or many?"
    assert summary(compare(fit), fit).provenance["question"] == "{one project} or many?"


def test_illustrative_numbers_are_named(tmp_path):
    written = exported(governed(), tmp_path)
    assert written["illustrative_inputs"] == ["breach"]
    assert written["leans"][3]["parameters"] == "pace, breach"
    assert written["leans"][3]["leans"] is True


@pytest.mark.parametrize("verdict", ["trusted", "failed"])
def test_the_verdict_is_in_every_file(verdict, tmp_path):
    fit = governed(verdict)
    comparison = compare(fit)
    write_csv(comparison, fit, tmp_path / "summary.csv")
    assert exported(fit, tmp_path)["verdict"] == verdict
    assert set(pd.read_csv(tmp_path / "summary.csv")["verdict"]) == {verdict}


def test_each_row_of_the_csv_stands_alone(tmp_path):
    fit = governed()
    write_csv(compare(fit), fit, tmp_path / "summary.csv")
    rows = pd.read_csv(tmp_path / "summary.csv", keep_default_na=False)
    assert len(rows) == 24
    first = rows.iloc[0]
    assert (first["model"], first["reference"], first["seed"]) == ("one-or-many", "status_quo", 1)
    assert first["title"].startswith("Status quo")
    assert first["p_riskier"] == ""
    assert "90 %" in first["interval"]


def test_rows_keep_the_order_of_the_outcomes():
    fit = governed()
    comparison = compare(fit)
    rows = summary_rows(comparison, fit)
    keys = ["outcome", "regime", "at", "mean"]
    assert rows[keys].equals(comparison.outcomes[keys])
