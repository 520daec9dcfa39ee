"""A panel of one question, laid out as `encode` does."""

from __future__ import annotations

import numpy as np
import xarray as xr


def panel_like(camps: list[str]) -> xr.Dataset:
    """Return answers of experts in these camps, spread from -1 to 1, each of width one."""
    shape, dims = (1, len(camps)), ("judged", "expert")
    ones = np.ones(shape)
    return xr.Dataset(
        {
            "location": (dims, np.linspace(-1, 1, len(camps))[None]),
            "lower": (dims, ones.copy()),
            "upper": (dims, ones.copy()),
            "answered": (dims, np.ones(shape, dtype=bool)),
            "has_width": (dims, np.ones(shape, dtype=bool)),
            "rounding_lower": (dims, 0 * ones),
            "rounding_upper": (dims, 0 * ones),
            "usual_width": ("judged", np.ones(1)),
        },
        coords={
            "judged": ["q"],
            "expert": [f"e{i}" for i in range(len(camps))],
            "camp": ("expert", camps),
            "off_centre": ("expert", np.full(len(camps), 0.3)),
        },
    )
