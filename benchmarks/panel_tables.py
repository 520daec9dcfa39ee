"""Tables of `benchmarks/panels.md`."""

from __future__ import annotations

import pandas as pd

from blackball.pools.paired import paired

REFERENCE = "equal"
"""Equal weights: what everybody can do without this library."""
SCORES = ("log_score", "log_density", "pinball", "crps")


def compared(scores: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Compare every method with equal weights, by each score."""
    return {score: paired(scores, score, REFERENCE) for score in SCORES}


def methods_table(scores: pd.DataFrame) -> str:
    """Lay out every method: means over studies, and how they compare with equal weights."""
    tables = compared(scores)
    covered = scores.groupby(["method", "panel"])["covered_outer"].mean().groupby("method").mean()
    heads = ["method", "log score", "gain [95 %]", "better in", "log density", "pinball", "change [95 %]", "CRPS"]
    heads += ["change [95 %]", "coverage"]
    lines = [_line(heads), "|---" + "|---:" * (len(heads) - 1) + "|"]
    for method, row in tables["log_score"].sort_values("mean", ascending=False).iterrows():
        pin, crps = tables["pinball"].loc[method], tables["crps"].loc[method]
        first = method == REFERENCE
        cells = [
            str(method),
            f"{row['mean']:.3f}",
            "" if first else _gain(row),
            "" if first else _wins(row),
            f"{tables['log_density'].loc[method, 'mean']:.3f}",
            f"{pin['mean']:.4f}",
            "" if first else _share(pin),
            f"{crps['mean']:.4f}",
            "" if first else _share(crps),
            f"{covered[method]:.3f}",
        ]
        lines.append(_line(cells))
    return "\n".join(lines)


def assignments_table(scores: pd.DataFrame, pools: pd.DataFrame, method: str) -> str:
    """Lay out what the gain of a method is under each assignment of studies to folds."""
    heads = ["assignment", "gain in log score [95 %]", "better in", "pinball", "CRPS", "coverage"]
    lines = [_line(heads), "|---:" * len(heads) + "|"]
    for number, own in scores[scores["method"] == method].groupby("assignment"):
        tables = compared(pd.concat([pools[pools["method"] == REFERENCE], own]))
        row, pin, crps = (tables[score].loc[method] for score in ("log_score", "pinball", "crps"))
        covered = own.groupby("panel")["covered_outer"].mean().mean()
        lines.append(_line([f"{number + 1:.0f}", _gain(row), _wins(row), _share(pin), _share(crps), f"{covered:.3f}"]))
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _gain(row: pd.Series) -> str:
    return f"{row['difference']:+.3f} [{row['low']:+.3f}, {row['high']:+.3f}]"


def _wins(row: pd.Series) -> str:
    return f"{row['wins']:.0f} of {row['studies']:.0f}"


def _share(row: pd.Series) -> str:
    """Write a change of a loss as a share of the reference's."""
    return f"{row['relative']:+.1%} [{row['relative_low']:+.1%}, {row['relative_high']:+.1%}]"
