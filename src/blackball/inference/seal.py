"""What every posterior ends with, sampled or weighted: an identity, a date and a verdict."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from blackball.inference.diagnose import diagnose
from blackball.inference.provenance import digest

if TYPE_CHECKING:
    import xarray as xr

    from blackball.inference.settings import Progress

__all__ = ["sealed"]


def sealed(tree: xr.DataTree, duration: float, progress: Progress) -> xr.DataTree:
    """Give a tree its fingerprint, date and diagnosis.

    Parameters
    ----------
    tree : DataTree
        Its attributes are all that decides the posterior, and nothing that differs between two runs of the same.
    duration : float
        Seconds that it took.
    progress : Progress

    Returns
    -------
    DataTree
        The same tree.
    """
    tree.attrs["fingerprint"] = digest(json.dumps(tree.attrs, sort_keys=True))
    tree.attrs["created"] = datetime.now(UTC).isoformat(timespec="seconds")
    tree.attrs["duration_s"] = duration
    progress("diagnose", 0, 0)
    diagnosis = diagnose(tree)
    tree["diagnosis"] = diagnosis.dataset()
    tree.attrs["verdict"] = diagnosis.verdict
    return tree
