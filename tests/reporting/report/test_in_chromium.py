"""The report as a reader meets it: in a browser, on a desk and on a phone, with a keyboard, and on paper."""

from __future__ import annotations

import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from blackball.decisions.dependence import dependence
from blackball.decisions.explorer import explored, explorer
from blackball.decisions.reweigh import Belief
from blackball.reporting.words import with_unit

DESKTOP, PHONE = 1280, 390
EVERY_WAY = pytest.mark.parametrize(
    ("name", "width"),
    [("urn", DESKTOP), ("urn", PHONE), ("regimes", DESKTOP), ("regimes", PHONE), ("failed", DESKTOP)],
)

ALTERNATIVES = """() => [...document.querySelectorAll("svg, img")].map(figure => ({
  role: figure.getAttribute("role"),
  named: (figure.getAttribute("aria-labelledby") || "").split(" ").map(id => document.getElementById(id)?.textContent),
  shown: figure.getBoundingClientRect().width > 100,
}))"""
FOCUSABLE = """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
  .filter(one => one.checkVisibility({contentVisibilityAuto: true}))
  .map((one, place) => (one.dataset.place = place, place))"""
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  return [Number(one.dataset.place), style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2];
}"""
SHOWN = """() => [...document.querySelectorAll("[data-place].number")]
  .map(cell => [Number(cell.dataset.place), Number(cell.dataset.value), cell.textContent])"""


@EVERY_WAY
def test_it_opens_alone_without_error_and_within_the_window(reports, opened, name, width):
    page, errors, requests = opened(reports[name], width)
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert errors == []
    assert [url for url in requests if not url.startswith("data:")] == [reports[name].path.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    screen = page.screenshot()
    assert len(screen) > 20_000  # a blank window compresses to a tenth of that


@EVERY_WAY
def test_axe_finds_nothing_wrong(reports, opened, name, width):
    page = opened(reports[name], width).page
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    found = Axe().run(page).response
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    scrolled = {"scrollable-region-focusable"} if width == PHONE else set()
    assert {"color-contrast", "html-has-lang", "label", *scrolled} <= {one["id"] for one in found["passes"]}


def test_axe_sees_what_is_wrong(reports, opened):
    page = opened(reports["urn"], DESKTOP).page
    page.evaluate("() => { document.querySelector('h1').style.color = '#ddd'; }")
    assert [one["id"] for one in Axe().run(page).response["violations"]] == ["color-contrast"]


@pytest.mark.parametrize(("name", "figures"), [("urn", 7), ("regimes", 6), ("failed", 6)])
def test_every_figure_has_a_text_alternative(reports, opened, name, figures):
    found = opened(reports[name], DESKTOP).page.evaluate(ALTERNATIVES)
    assert len(found) == figures
    for figure in found:
        assert figure["role"] == "img"
        assert figure["shown"]
        title, description = figure["named"]
        assert len(title) > 5
        assert len(description) > 30


@EVERY_WAY
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(reports, opened, name, width):
    page = opened(reports[name], width).page
    places = page.evaluate(FOCUSABLE)
    reached = []
    for _ in places:
        page.keyboard.press("Tab")
        place, outlined = page.evaluate(FOCUSED)
        assert outlined
        reached.append(place)
    assert reached == places
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)[0] != places[-1]  # the end is no trap


def test_the_first_stop_of_the_keyboard_skips_to_the_answer(reports, opened):
    page = opened(reports["regimes"], DESKTOP).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the answer in short"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "short"


@pytest.mark.parametrize("name", ["urn", "regimes"])
def test_it_prints_to_pdf_with_nothing_folded(reports, opened, name):
    page = opened(reports[name], DESKTOP).page
    assert page.locator("details:not([open])").count() > 0
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) >= 6
    assert page.locator("details:not([open])").count() == 0


def moved(page, place, slider, key, times):
    """Move a slider by keyboard and return its value."""
    control = page.locator(f"fieldset[data-quantity] >> nth={place}").locator(f".{slider}")
    control.focus()
    for _ in range(times):
        page.keyboard.press(key)
    return float(control.input_value())


@pytest.mark.parametrize("name", ["urn", "regimes"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_explorer_agrees_with_python(reports, opened, name, width):
    fit = reports[name].fit
    python = explorer(fit, dependence(fit))
    page = opened(reports[name], width).page
    names = python.quantities.index.tolist()
    beliefs = {
        names[0]: Belief(moved(page, 0, "centre", "ArrowRight", 12), moved(page, 0, "width", "ArrowLeft", 5)),
        names[1]: Belief(moved(page, 1, "centre", "ArrowLeft", 9)),
    }
    assert beliefs[names[0]] == Belief(0.6, 0.75)
    assert beliefs[names[1]] == Belief(-0.45)
    expected, before = explored(python, beliefs), explored(python, {})
    effective = float(page.get_attribute("#effective", "data-effective"))
    assert effective == pytest.approx(expected["effective"].iloc[0], rel=1e-9)
    shown = page.evaluate(SHOWN)
    for place, value, text in shown:
        assert abs(value - expected["mean"][place]) < 1e-6
        assert value == pytest.approx(expected["mean"][place], rel=1e-9)
        assert text == with_unit(expected["mean"][place], "probability")
    places = [place for place, *_ in shown]
    # One label of each outcome is shown at a time; in all of them the beliefs moved the answer by far more.
    assert len(places) == (5 if name == "urn" else 12)
    assert np.abs(expected["mean"][places] - before["mean"][places]).max() > 1e-3


def test_other_labels_and_the_way_back(reports, opened):
    fit = reports["regimes"].fit
    python = explorer(fit, dependence(fit))
    page = opened(reports["regimes"], DESKTOP).page
    page.locator(".explored select").select_option("0")
    moved(page, 0, "centre", "ArrowRight", 12)
    page.get_by_role("button", name="Back to the model's own beliefs").click()
    page.wait_for_function("() => document.querySelector('.belief').textContent.includes(\"the model's own\")")
    expected = explored(python, {})
    shown = page.evaluate(SHOWN)
    assert {expected["at"][place] for place, *_ in shown} == {"horizon=2030", ""}
    assert all(value == pytest.approx(expected["mean"][place], rel=1e-9) for place, value, _ in shown)


def test_too_few_draws_are_told(reports, opened):
    page = opened(reports["regimes"], DESKTOP).page
    for place in (0, 1):
        moved(page, place, "centre", "End", 1)
        moved(page, place, "width", "Home", 1)
    assert "few" in page.get_attribute("#effective", "class")
    assert "too few" in page.inner_text("#effective")


def test_sliders_say_their_value_in_words(reports, opened):
    page = opened(reports["regimes"], DESKTOP).page
    first = page.locator("fieldset[data-quantity] >> nth=0")
    assert (
        first.locator("output").inner_text() == "0.14 (90 %: 0.019 to 0.97), the model's own"
    )  # exp(-2 ± 1.645 x 1.2)
    assert first.locator(".centre").get_attribute("aria-valuetext") == "0.14 (90 %: 0.019 to 0.97)"
