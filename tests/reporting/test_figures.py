import itertools
from xml.etree import ElementTree

import numpy as np
import pytest
import xarray as xr
from matplotlib import rcParams

from blackball.decisions import compare
from blackball.reporting.agreement import agreement
from blackball.reporting.figures import write_figures
from blackball.reporting.forest import forest
from blackball.reporting.heatmap import heatmap
from blackball.reporting.panels import panels
from blackball.reporting.ridge import _density, ridge
from blackball.reporting.shift import shift
from blackball.reporting.style import styled
from blackball.reporting.survival import survival

from ..synthetic import CATASTROPHE, draws_of, fit_of, governed, regimes_of, ungoverned, urn


def texts(figure):
    return "\n".join(found.get_text() for found in figure.findobj(lambda artist: hasattr(artist, "get_text")))


@pytest.mark.parametrize(
    ("fit", "names"),
    [
        (governed(), ["forest", "ridge", "shift", "agreement", "pairs", "survival"]),
        (ungoverned(), ["forest", "ridge", "shift", "agreement"]),
        (urn(), ["forest", "ridge", "shift"]),
    ],
)
def test_each_figure_is_written_as_svg_and_png(fit, names, tmp_path):
    paths = write_figures(fit, compare(fit), tmp_path)
    assert [path.name for path in paths] == [f"{name}.{suffix}" for name in names for suffix in ("svg", "png")]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths[1::2])
    assert all(ElementTree.parse(path).getroot().tag.endswith("svg") for path in paths[::2])


def test_the_same_fit_gives_the_same_bytes_and_leaves_no_setting_behind(tmp_path):
    before = dict(rcParams)
    fit = ungoverned()
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written.append([path.read_bytes() for path in write_figures(fit, compare(fit), tmp_path / name)])
    assert written[0] == written[1]
    assert dict(rcParams) == before


def test_panels_stand_by_outcome_and_horizon_with_the_riskiest_on_top():
    plan = panels(compare(governed()))
    assert [panel.title.replace("\n", " ") for panel in plan] == [
        "P(catastrophe) by 2030",
        "P(catastrophe) by 2050",
        "P(catastrophe) by 2100",
        "P(power concentration)",
    ]
    order = [regime for regime, _ in plan[3].rows]
    assert order[0] == "open_race"
    assert order[-1] == "moratorium"


def test_the_forest_draws_the_medians_hollow_where_they_lean():
    comparison = compare(governed())
    ax = forest(comparison).axes[0]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    table = comparison.outcomes[comparison.outcomes["at"] == "horizon=2030"].sort_values("median")
    assert sorted(float(dot.get_xdata()[0]) for dot in dots) == pytest.approx(table["median"].tolist())
    hollow = sum(dot.get_markerfacecolor() == "white" for dot in dots)
    assert hollow == 4  # of six; published judgements judge the status quo and licensing by 2030


@pytest.mark.parametrize(
    "draw",
    [forest, heatmap, *(lambda c, draw=draw: draw(governed("failed"), c) for draw in (agreement, ridge, shift))],
)
def test_a_failed_verdict_is_on_every_figure(draw):
    assert "DIAGNOSTICS FAILED" in texts(draw(compare(governed("failed"))))
    assert "DIAGNOSTICS FAILED" not in texts(draw(compare(governed())))


def test_intervals_and_illustrative_numbers_are_explained():
    said = texts(forest(compare(governed())))
    assert "90\u00a0% (thin)" in said
    assert "Hollow dot: leans on illustrative numbers" in said
    assert "Hollow dot" not in texts(forest(compare(urn())))


def test_survival_falls_over_the_years_beside_the_reference():
    comparison = compare(governed())
    first, second, *_ = survival(comparison).axes
    (line,) = first.lines
    assert line.get_xdata().tolist() == [2030, 2050, 2100]
    assert (np.diff(line.get_ydata()) < 0).all()
    dashed, own = second.lines
    np.testing.assert_allclose(dashed.get_ydata(), line.get_ydata())
    known = comparison.survival[comparison.survival["regime"] == comparison.regimes["regime"].iloc[1]]["median"]
    np.testing.assert_allclose(own.get_ydata(), known)
    assert (own.get_ydata() < dashed.get_ydata()).all()  # the open race is the riskier


def test_the_heat_map_says_who_is_riskier():
    comparison = compare(governed())
    ax = heatmap(comparison).axes[0]
    assert ax.get_title(loc="left") == "P(catastrophe) by 2100"
    image = ax.images[0].get_array()
    pairs = comparison.pairs[comparison.pairs["at"] == "horizon=2100"].set_index(["a", "b"])
    riskier = pairs.loc[("status_quo", "open_race"), "p_safer"]
    assert float(image[0, 1]) == pytest.approx(riskier)  # open race on top, status quo next
    assert float(image[1, 0]) == pytest.approx(1 - riskier)
    assert bool(image.mask.diagonal().all())


def test_a_risk_of_exactly_zero_can_be_drawn(tmp_path):
    risk = np.stack([np.linspace(0.001, 0.5, 8), np.zeros(8)], axis=1)
    fit = fit_of(
        {"risk": draws_of(risk, ("regime",), regime=["a", "b"]).assign_attrs(CATASTROPHE)},
        regimes=regimes_of(["a", "b"], {}),
    )
    assert len(write_figures(fit, compare(fit), tmp_path)) == 8


def test_the_agreement_map_shows_each_answer_where_it_was_given():
    fit = governed()
    encoded = fit["encoded"].to_dataset()
    ratio = encoded["reference"].values != ""
    for ax, kind in zip(agreement(fit, compare(fit)).axes, (~ratio, ratio), strict=True):
        answered = encoded["answered"].values[kind]
        np.testing.assert_array_equal(~ax.images[0].get_array().mask, answered)
        written = {(round(text.get_position()[1]), round(text.get_position()[0])): text.get_text() for text in ax.texts}
        assert set(written) == {tuple(place) for place in np.argwhere(answered)}
        if kind[0]:
            assert written[0, 0] == "6.9"  # logistic(-2 - 1.5 * 0.4), in %
            power = encoded["judged"].values[kind].tolist().index("power | status_quo")
            assert written[power, 1].endswith("†")
        else:
            assert written[0, 0] == "× 0.074"  # exp(-2 - 1.5 * 0.4)


@pytest.mark.parametrize("decades", [1, 2, 3, 5, 7, 8, 10])
def test_the_numbers_below_a_shift_stand_apart(decades):
    fit = governed()
    wide = fit["prior"].to_dataset()
    odds = np.linspace(-decades, 0, wide.sizes["draw"])
    spread = {name: values * 0 + xr.DataArray(0.9 * 10**odds, dims="draw") for name, values in wide.items()}
    fit["prior"] = wide.assign({name: values.assign_attrs(wide[name].attrs) for name, values in spread.items()})
    with styled():
        figure = shift(fit, compare(fit))
        figure.canvas.draw()
        boxes = [
            label.get_window_extent()
            for ax in figure.axes
            for place, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
            if ax.get_xlim()[0] <= place <= ax.get_xlim()[1]
        ]
    assert len(boxes) >= 2 * len(figure.axes)
    boxes.sort(key=lambda box: box.x0)
    assert all(left.x1 < right.x0 for left, right in itertools.pairwise(boxes))


def test_a_ridge_is_filled_over_the_central_90_percent_and_dashed_where_it_leans():
    fit = governed()
    comparison = compare(fit)
    ax = ridge(fit, comparison).axes[0]
    rows = comparison.outcomes.assign(leans=comparison.leans["leans"])
    rows = rows[rows["at"] == "horizon=2030"].sort_values("median", ascending=False)
    spans = [fill.get_paths()[0].get_extents() for fill in ax.collections if len(fill.get_paths()[0]) > 10]
    found = sorted((span.x0, span.x1) for span in spans)
    expected = sorted(zip(rows["q05"], rows["q95"], strict=True))
    np.testing.assert_allclose(found, expected, rtol=0.12)  # to the width of the bins
    outlines = [line for line in ax.lines if len(line.get_xdata()) > 10]
    assert sum(line.get_linestyle() == "--" for line in outlines) == int(rows["leans"].sum())


def test_a_ridge_has_the_shape_of_the_density():
    places, heights = _density(np.random.default_rng(3).normal(size=20_000), -4.0, 4.0)
    exact = np.exp(-(places**2) / 2)
    # Smoothing by h widens the normal to sqrt(1 + h^2), h = n^(-1/5).
    assert np.abs(heights / heights.max() - exact).max() < 0.05
    assert np.abs(heights / heights.max() - np.exp(-(places**2) / 8)).max() > 0.2  # a wider one is told apart


def test_of_very_many_experts_the_map_shows_some_from_the_lowest_to_the_highest():
    fit = governed()
    encoded = fit["encoded"].to_dataset().isel(expert=np.zeros(300, dtype=int))
    encoded = encoded.assign_coords(expert=[f"e{place}" for place in range(300)])
    encoded["answered"] = encoded["answered"] | True
    encoded["location"] = encoded["location"] + xr.DataArray(np.linspace(1, -1, 300), dims="expert")
    encoded["answered"][:, 5] = False
    encoded["answered"][0] = False
    encoded["answered"][0, 7] = True  # a question that nobody shown was asked
    fit["encoded"] = encoded
    figure = agreement(fit, compare(fit))
    shown = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert (len(shown), shown[0], shown[-1]) == (24, "e299", "e0")
    assert {ax.images[0].get_array().shape[1] for ax in figure.axes} == {24}
    assert sum(ax.images[0].get_array().shape[0] for ax in figure.axes) == encoded.sizes["judged"]
    assert any("Experts: 24 of 300" in text.get_text().replace("\n", " ") for text in figure.texts)
