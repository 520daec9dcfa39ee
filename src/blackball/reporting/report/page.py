"""Put the report together: what each section holds, and the one template that lays it out."""

from __future__ import annotations

import json
import re
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from blackball.decisions.dependence import dependence
from blackball.decisions.explorer import explorer
from blackball.reporting.argument import argument_of, mechanisms_of
from blackball.reporting.figures import drawn
from blackball.reporting.report.added import KINDS, Added, absent, fitting
from blackball.reporting.report.answered import answer_grid, in_short
from blackball.reporting.report.asked import answers_grid, experts_grid, questions_grid
from blackball.reporting.report.assumed import effects_grid, priors_grid, regimes_grid
from blackball.reporting.report.cited import sources_of
from blackball.reporting.report.driven import (
    checks_grid,
    coherence_grid,
    crux_grid,
    dependence_grids,
    weights_grid,
)
from blackball.reporting.report.explored import payload
from blackball.reporting.report.inlined import Inlined, inlined
from blackball.reporting.results import result_grids
from blackball.reporting.style import styled
from blackball.reporting.templates import template
from blackball.reporting.words import illustrative_note, outcome_words, verdict_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr

    from blackball.decisions import Comparison

__all__ = ["page"]

# Where in the report a figure stands; one that is not named here stands with the uncertainty.
SECTIONS = {
    "agreement": "whom",
    "forest": "answer",
    "pairs": "answer",
    "survival": "answer",
    "moves": "changes",
}
CODE = re.compile(r"``(?P<twice>.+?)``|`(?P<once>.+?)`")
FACTS = ("model", "panel", "experts", "sampler", "seed", "state", "created")
HASHES = ("model_hash", "panel_hash", "regimes_hash", "hyperpriors_hash", "fingerprint")


def page(fit: xr.DataTree, comparison: Comparison, more: Sequence[Added] = ()) -> str:
    """Write the report of a fit.

    Parameters
    ----------
    fit : DataTree
    comparison : Comparison
        Of that fit.
    more : sequence of Added
        Figures of other results. Those of another fit are not shown, and the page says so.

    Returns
    -------
    str
        One HTML page that asks nothing of any network: style, script, figures and draws are in it.
    """
    assets = {name: Markup(_asset(f"report.{name}")) for name in ("css", "js")}  # our own text
    return template("report.html.jinja").render(
        **assets,
        **_head(fit, comparison),
        **_input(fit, comparison),
        **_output(fit, comparison),
        figures=_figures(fit, comparison, fitting(fit, more)),
        absent=absent(fit, more),
        code=_code,
    )


def _head(fit: xr.DataTree, comparison: Comparison) -> dict[str, Any]:
    described = comparison.described[["outcome", "unit", "meaning"]].itertuples(index=False, name=None)
    made = str(fit.attrs.get("created", ""))
    return {
        "title": str(fit.attrs.get("question", "")) or comparison.model,
        "model": comparison.model,
        "date": f"{datetime.fromisoformat(made):%d %B %Y}".lstrip("0") if made else "",
        "failed": comparison.verdict == "failed",
        "verdict": verdict_words(comparison),
        "note": illustrative_note(comparison),
        "outcomes": [(outcome_words(outcome, unit), meaning) for outcome, unit, meaning in described],
        "short": [text.replace(" %", "\u00a0%") for text in in_short(comparison)],
    }


def _input(fit: xr.DataTree, comparison: Comparison) -> dict[str, Any]:
    """Return what went in: questions, experts, answers, the argument, priors, regimes, and all sources."""
    sources, source = sources_of(fit), str(fit.attrs.get("model_source", ""))
    known = "panel" in fit.children
    return {
        "questions": questions_grid(fit, sources) if known else None,
        "experts": experts_grid(fit, sources) if known else None,
        "answers": answers_grid(fit, comparison, sources) if known else None,
        "argument": argument_of(source),
        "mechanisms": mechanisms_of(source),
        "priors": priors_grid(fit, comparison, sources),
        "regimes": regimes_grid(fit, comparison) if len(comparison.regimes) else None,
        "effects": effects_grid(fit, sources),
        "sources": sources,
    }


def _output(fit: xr.DataTree, comparison: Comparison) -> dict[str, Any]:
    """Return what came out: the answer, what drives and would change it, the explorer, and the checks."""
    depends = dependence(fit)
    found = explorer(fit, depends)
    data = payload(found, comparison) if found else None
    draws = fit["posterior"].sizes
    return {
        "answer": answer_grid(comparison),
        "results": result_grids(comparison),
        "dependences": dependence_grids(depends, comparison),
        "cruxes": crux_grid(comparison) if len(comparison.break_even) else None,
        "weights": weights_grid(comparison) if len(comparison.break_even_weights) else None,
        "explorer": data,
        "explorer_json": Markup(_script_safe(data)) if data else "",
        "draws": draws["chain"] * draws["draw"],
        "checks": checks_grid(comparison),
        "coherence": coherence_grid(comparison) if len(comparison.coherence) else None,
        "facts": {name: fit.attrs[name] for name in FACTS if name in fit.attrs},
        "hashes": {name: fit.attrs[name] for name in HASHES if fit.attrs.get(name)},
        "versions": json.loads(str(fit.attrs.get("versions", "{}"))),
    }


def _figures(fit: xr.DataTree, comparison: Comparison, more: Mapping[str, Added]) -> dict[str, list[Inlined]]:
    """Return every figure by the section that it stands in."""
    sections: dict[str, list[Inlined]] = {}
    note = illustrative_note(comparison, "")
    with styled():
        for name, figure in drawn(fit, comparison).items():
            sections.setdefault(SECTIONS.get(name, "sure"), []).append(inlined(name, figure, note))
    for kind, one in more.items():
        sections.setdefault(KINDS[kind].section, []).extend(one.figures)
    return sections


def _asset(name: str) -> str:
    return (files("blackball.reporting") / "templates" / name).read_text(encoding="utf-8")


def _script_safe(data: dict[str, Any]) -> str:
    """Write JSON that cannot end the script element that it stands in."""
    return json.dumps(data, allow_nan=False).replace("<", "\\u003c")


def _code(text: str) -> Markup:
    """Set what stands between backticks as code; all else is escaped."""
    parts, last = [], 0
    for found in CODE.finditer(text):
        parts += [escape(text[last : found.start()]), Markup("<code>{}</code>").format(found["twice"] or found["once"])]
        last = found.end()
    return Markup("").join([*parts, escape(text[last:])])
