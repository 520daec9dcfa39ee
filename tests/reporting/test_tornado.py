import pytest

from blackball.decisions import sensitivity
from blackball.reporting.style import styled
from blackball.reporting.tornado import tornado

from ..driven import driven, moved
from .test_figures import texts


@pytest.fixture(scope="module")
def found():
    fit = driven("failed")
    return sensitivity(fit, moved(fit))


def test_bars_reach_from_the_mean_to_both_ends_the_widest_on_top(found):
    with styled():
        figure = tornado(found, "many")
    first, second = figure.axes
    bars = [(bar.get_y() + bar.get_height() / 2, bar.get_x(), bar.get_width()) for bar in first.patches]
    assert [round(height) for height, _, _ in bars] == [0, 0, 1, 1]
    base = first.lines[0].get_xdata()[0]
    assert all(start == pytest.approx(base) for _, start, _ in bars)
    assert [width for _, _, width in bars] == pytest.approx([-3.2, 3.2, -1.6, 1.6])
    assert [tick.get_text() for tick in first.get_yticklabels()] == ["pace  [-1.6 to 1.6]", "fate (a)  [-1.6 to 1.6]"]
    assert len(second.get_yticklabels()) == 2


def test_it_says_what_leans_and_that_the_computation_failed(found):
    said = texts(tornado(found, "one"))
    assert "DIAGNOSTICS FAILED" in said
    assert "P(catastrophe)  by 2050†".replace("  ", " ") in said
    assert "all else as it was" in said.replace("\n", " ")
    assert "by 2050†" not in texts(tornado(found, "many"))
