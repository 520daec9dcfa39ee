"""What stands in the report, read without a browser."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest

from blackball.decisions import compare
from blackball.reporting.report import asked
from blackball.reporting.report.cited import sources_of
from blackball.reporting.words import with_unit

MOST_BYTES = 5_000_000


class Text(HTMLParser):
    """The words of a page by the section that they stand in, scripts and styles aside."""

    def __init__(self) -> None:
        super().__init__()
        self.sections: dict[str, list[str]] = {}
        self.place, self.silent = "", False
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.silent = tag in ("script", "style")
        self.place = known.get("id", self.place) if tag == "section" else self.place
        self.ids += [known["id"]] if "id" in known else []
        self.links += [known["href"]] if tag == "a" else []

    def handle_data(self, data):
        if not self.silent:
            self.sections.setdefault(self.place, []).append(data)

    def of(self, section):
        return " ".join(" ".join(self.sections[section]).split())


def read(report):
    text = Text()
    text.feed(report.html)
    return text


@pytest.mark.parametrize("name", ["urn", "regimes", "failed"])
def test_it_is_one_small_whole_page_that_names_no_address_to_fetch(reports, name):
    html = reports[name].html
    assert html.endswith("</html>\n")
    assert len(html.encode()) < MOST_BYTES
    assert re.findall(r'(?:src|href)="(?!#|data:)([^"]*)"', html) == []
    assert re.findall(r"url\((?!#)|@import|<link|<iframe", html) == []


@pytest.mark.parametrize("name", ["urn", "regimes"])
def test_every_id_is_there_once_and_every_link_leads_somewhere(reports, name):
    text = read(reports[name])
    assert len(text.ids) == len(set(text.ids))
    assert {link.removeprefix("#") for link in text.links} <= set(text.ids)


def test_it_says_what_was_asked_of_whom_and_what_the_model_assumes(reports):
    text = read(reports["regimes"])
    assert "at least 10 % of the humans alive" in text.of("asked")
    assert "Open race: no new AI policy" in text.of("asked")
    assert "LEAP wave 9, superforecasters (group quartiles)" in text.of("whom")
    assumed = text.of("assumes")
    assert "win = 1 / (1 + exp(-omega) (D / A)^theta)." in assumed  # the equation of a mechanism that the model calls
    assert "Laplace" not in assumed
    assert "misaligned † probability 0.20 – 50 %" in assumed
    assert "× 1.1 to 1.6 (90 %) †" in assumed


def test_the_answer_is_that_of_compare_with_every_outcome_beside_the_other(reports):
    comparison = compare(reports["regimes"].fit)
    answer = read(reports["regimes"]).of("answer")
    assert answer.index("P(catastrophe) by 2030") < answer.index("P(power concentration)")
    for row in comparison.outcomes.itertuples():
        assert with_unit(row.mean, "probability") in answer
    assert "No regime is the least risky for every outcome" in read(reports["regimes"]).of("short")


def test_a_failed_verdict_is_loud_in_every_section_with_results(reports):
    text = read(reports["failed"])
    for section in ("answer", "sure", "drives", "changes", "trust"):
        assert "DIAGNOSTICS FAILED: do not use these numbers." in text.of(section)
    assert "<title>FAILED: " in reports["failed"].html
    assert "DIAGNOSTICS FAILED" not in reports["regimes"].html


def test_results_that_lean_are_marked_and_the_mark_explained(reports):
    comparison = compare(reports["regimes"].fit)
    text = read(reports["regimes"])
    marked = len(re.findall(r"%\s†", text.of("answer").partition("† leans on illustrative numbers, ")[0]))
    assert marked == int(comparison.leans["leans"].sum())
    for section in ("short", "answer"):
        assert "† leans on illustrative numbers, nobody's published view" in text.of(section)


def test_every_source_is_listed_and_every_citation_numbered_as_listed(reports):
    report = reports["regimes"]
    listed = re.findall(r'<li id="source-(\d+)">(.*?)</li>', report.html)
    assert [int(number) for number, _ in listed] == list(range(1, len(listed) + 1))
    sources = {unescape(source) for _, source in listed}
    assert set(report.fit["panel/judgements"]["source"].values.tolist()) - {""} <= sources
    assert "illustrative: made for a test, with <signs> & such" in sources
    cited = {int(number) for number in re.findall(r'href="#source-(\d+)"', report.html)}
    assert cited == set(range(1, len(listed) + 1))


def test_the_draws_in_the_page_are_those_of_the_fit(reports):
    report = reports["regimes"]
    held = re.search(r'<script type="application/json" id="explorer-data">(.*?)</script>', report.html, re.DOTALL)
    data = json.loads(held[1])
    from base64 import b64decode

    scores = np.frombuffer(b64decode(data["scores"]), "<f4").reshape(len(data["quantities"]), data["samples"])
    names = [quantity["name"] for quantity in data["quantities"]]
    latent = report.fit["posterior"]["latent"].sel(quantity=names).transpose("quantity", "chain", "draw")
    np.testing.assert_array_equal(scores, latent.values.reshape(len(names), -1).astype("<f4"))


def test_text_of_users_cannot_become_markup(reports):
    assert "<signs>" not in reports["regimes"].html
    assert "with &lt;signs&gt; &amp; such" in reports["regimes"].html


def test_of_very_many_experts_and_answers_the_first_are_listed_and_all_are_counted(reports, monkeypatch):
    fit = reports["urn"].fit
    monkeypatch.setattr(asked, "MOST_EXPERTS", 1)
    monkeypatch.setattr(asked, "MOST", 1)
    sources = sources_of(fit)
    experts, answers = asked.experts_grid(fit, sources), asked.answers_grid(fit, compare(fit), sources)
    assert (len(experts.rows), len(answers.rows)) == (1, 1)
    assert experts.caption.endswith(f"The first 1 of {fit['panel/experts'].sizes['row']}.")
    assert "The first 1 of " in answers.caption
