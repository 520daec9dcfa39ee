"""The one fit that pages share: made by the first block of the page on fitting."""

from __future__ import annotations

import pytest
import xarray as xr

from tests.docs.pages import MAKES_THE_FIT, Names, blocks, run


@pytest.fixture(scope="session")
def made() -> Names:
    """Return the names that the first block of the page on fitting defines, `fit` among them."""
    return run(MAKES_THE_FIT, blocks(MAKES_THE_FIT)[:1], {})


@pytest.fixture
def fit(made: Names) -> xr.DataTree:
    """Return a copy of that fit, which a page may change."""
    fit = made["fit"]
    assert isinstance(fit, xr.DataTree)
    return fit.copy(deep=True)
