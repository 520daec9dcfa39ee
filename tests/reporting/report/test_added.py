"""What others computed of a fit stands in its report; what is of another fit, or of none, is only named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typer.testing import CliRunner

import blackball as bb
from blackball.cli.app import app
from blackball.errors import StudyError
from blackball.reporting.report.added import KINDS, added
from blackball.store.for_report import kept_for_report, write_for_report
from blackball.store.study import Study
from tests.reporting.report.results import calibration_of, influence_of, results_of
from tests.reporting.report.test_page import read

FIGURES = {"drives": "with one quantity alone at the 5 %", "trust": "without the expert's own answers"}


def test_what_was_computed_is_shown_where_it_belongs(reports):
    text = read(reports["urn"])
    for section, words in FIGURES.items():
        assert words in text.of(section)
    assert "A line a ranked truth" in text.of("trust")
    assert "What is not in this report" not in text.of("trust")


def test_what_was_not_computed_is_named_with_what_makes_it(reports):
    trust = read(reports["regimes"]).of("trust")
    assert "What is not in this report" in trust
    for kind in KINDS.values():
        assert kind.command in trust


def test_results_of_another_fit_are_not_shown(reports, tmp_path):
    fit = reports["urn"].fit
    tornado, pit, ranks = results_of(fit)
    others = (replace(tornado, fingerprint="x"), replace(pit, fingerprint="x"), replace(ranks, model_hash="x"))
    html = bb.report(fit, tmp_path / "page.html", *others).read_text(encoding="utf-8")
    assert html.count("made of another fit, so make it anew by") == 2
    assert html.count("made of another model, so make it anew by") == 1
    assert not any(words in html for words in FIGURES.values())


def test_a_calibration_is_of_one_expert_model(reports, tmp_path):
    fit = reports["urn"].fit
    other = replace(calibration_of(fit), experts="consensus")
    assert "A line a ranked truth" not in bb.report(fit, tmp_path / "page.html", other).read_text(encoding="utf-8")


def test_the_command_line_finds_what_folders_of_the_study_keep(reports, tmp_path):
    fit = reports["urn"].fit
    Study(tmp_path).write(fit)
    for name, result in (("leave-out", influence_of(fit)), ("anything", calibration_of(fit))):
        (tmp_path / name).mkdir()
        write_for_report(result, tmp_path / name)
    assert kept_for_report(tmp_path) == [added(calibration_of(fit)), added(influence_of(fit))]
    ended = CliRunner().invoke(app, ["report", str(tmp_path)])
    assert ended.exit_code == (2 if fit.attrs["verdict"] == "failed" else 0)
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert FIGURES["trust"] in html.replace("&#39;", "'")
    assert "A line a ranked truth" in html
    assert KINDS["sensitivity"].command in html


@pytest.mark.parametrize("text", ["", "{}", '{"kind": "other", "made_of": "x", "figures": []}', "[1]"])
def test_a_damaged_file_is_named(tmp_path, text):
    (tmp_path / "pit").mkdir()
    (tmp_path / "pit" / "for_report.json").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=r"pit/for_report\.json: cannot be read"):
        kept_for_report(tmp_path)
