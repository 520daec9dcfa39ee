import math

import numpy as np
import pytest
import xarray as xr

from blackball.mechanisms import evaluate
from blackball.mechanisms.beta_binomial import log_survival_shared


def log_survival(p, n, r):
    return float(evaluate(log_survival_shared, {"bad": p, "draws": n, "shared_fate": r}))


def drawn_one_by_one(p, n, r):
    return math.fsum(math.log1p(-p * (1 - r) / (1 - r + j * r)) for j in range(n))


@pytest.mark.parametrize("p", [1e-12, 0.01, 0.5, 1 - 1e-9])
@pytest.mark.parametrize("r", [1e-12, 1e-4, 0.3, 0.999])
@pytest.mark.parametrize("n", [1, 7, 8, 9, 1000])
def test_the_logarithm_itself_is_accurate_to_1e_9(p, n, r):
    assert log_survival(p, n, r) == pytest.approx(drawn_one_by_one(p, n, r), rel=1e-9)


@pytest.mark.parametrize("r", [0.0, 1e-15, 1e-8, 0.4, 0.99])
@pytest.mark.parametrize("p", [1e-9, 0.2, 0.999])
def test_one_more_draw_is_one_more_factor_for_real_n_too(p, r):
    for n in (0.25, 3.6, 41.7):
        factor = math.log1p(-p * (1 - r) / (1 - r + n * r))
        assert log_survival(p, n + 1, r) - log_survival(p, n, r) == pytest.approx(factor, rel=1e-8)


def test_there_is_no_seam_where_the_series_takes_over():
    rho = np.geomspace(1e-3, 1e-1, 4001)
    r = xr.DataArray(rho / (1 + rho), dims="case")
    values = evaluate(log_survival_shared, {"bad": 0.3, "draws": 1.0, "shared_fate": r})
    np.testing.assert_allclose(values, math.log(0.7), rtol=1e-10)
