"""Make a page for each shipped model by executing it: `make docs`, or this file with the names of some models.

Nothing on a page depends on when or where it was made, so that what changes in it changed in the model, its data or
the versions.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

import jinja2
import pandas as pd
from rich.table import Table

from blackball.cli.inputs import own_panel, own_regimes
from blackball.decisions import compare
from blackball.decisions.compare import INTERVAL
from blackball.decisions.dependence import rank_correlation
from blackball.decisions.drawn import drawn
from blackball.decisions.summary import intervals
from blackball.inference import Settings
from blackball.inference import fit as fit_model
from blackball.reporting import comparison_table
from blackball.reporting.argument import argument_of
from blackball.reporting.cruxes import CAPTION as CRUXES
from blackball.reporting.diagram import diagram
from blackball.reporting.forest import forest
from blackball.reporting.style import styled
from blackball.reporting.words import (
    DAGGER,
    check_line,
    interval_words,
    outcome_words,
    place_words,
    regime_words,
    verdict_words,
    with_unit,
)
from blackball.risk_model import RiskModel, load_model, shipped_models

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from typing import Any

    import pymc as pm
    import xarray as xr

    from blackball.decisions import Comparison

DOCS = Path(__file__).parent
PAGES = DOCS / "models"
TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(DOCS / "templates"),
    undefined=jinja2.StrictUndefined,
    keep_trailing_newline=True,
    autoescape=False,  # the pages are Markdown
)
SETTINGS = Settings(seed=1)
EXPERTS = "mixture"
STRONGEST = 8
HEADINGS = ("Question.", "Structure.", "Judgements.", "Sources.")
WIDTH = 120
MARKED = (
    ": an illustrative judgement judges them, or no published one does and their regime or the whole panel is "
    "illustrative"
)
STATED = ("pymc", "pytensor", "nutpie", "arviz", "numpy")


def main(names: Sequence[str]) -> None:
    """Make the pages of the named models, of all without any, and the index of all."""
    PAGES.mkdir(exist_ok=True)
    files = shipped_models()
    failed = [name for name in names or files if _make(load_model(name), files[name].name) == "failed"]
    pages = [{"name": name, "question": argument_of(path.read_text("utf-8")).question} for name, path in files.items()]
    _write("README.md", TEMPLATES.get_template("index.md.jinja").render(pages=pages))
    if failed:
        sys.exit(f"diagnostics failed: {', '.join(failed)}; their pages say so and must not be published")


def _make(risk: RiskModel, file: str) -> str:
    """Fit a model, write its figure and its page, and return the verdict."""
    panel, regimes = own_panel(risk), own_regimes(risk)
    fit = fit_model(risk, panel, regimes, experts=EXPERTS, settings=SETTINGS)
    comparison = compare(fit)
    with styled():
        forest(comparison).savefig(PAGES / f"{risk.name}.png", dpi=120, metadata={"Software": None})
    model = risk.build(panel, regimes, EXPERTS)
    argument = argument_of(risk.source)
    page = TEMPLATES.get_template("model.md.jinja").render(
        name=risk.name,
        file=file,
        panel=risk.panel,
        regimes=risk.regimes,
        title=argument.title,
        argument="\n\n".join(_headed(text) for text in argument.paragraphs),
        diagram=diagram(model),
        interval=INTERVAL,
        **_result(comparison),
        **_depends(fit, comparison, model),
        **_doubts(fit, comparison),
        **_made(fit),
    )
    _write(f"{risk.name}.md", page)
    print(f"docs/models/{risk.name}.md: {comparison.verdict}", flush=True)
    return comparison.verdict


def _write(name: str, text: str) -> None:
    (PAGES / name).write_text(f"{text.rstrip()}\n", encoding="utf-8")


def _headed(paragraph: str) -> str:
    """Set the word that opens a paragraph, such as `Question.`, in bold; the rest stands as it is."""
    heading = next((word for word in HEADINGS if paragraph.startswith(word)), "")
    return f"**{heading}**{paragraph.removeprefix(heading)}" if heading else paragraph


def _result(comparison: Comparison) -> dict[str, object]:
    """Return what the outcomes mean, every table that `blackball compare` prints, and the figure in words."""
    described = comparison.described[["outcome", "unit", "meaning"]].to_numpy().tolist()
    names = [outcome_words(outcome, unit) for outcome, unit, _ in described]
    under = " under each regime" if len(comparison.regimes) > 1 else ""
    return {
        "outcomes": [
            (name, row[2] or "not explained by the model") for name, row in zip(names, described, strict=True)
        ],
        "tables": [_markdown(part) for part in comparison_table(comparison).renderables if isinstance(part, Table)]
        + ([CRUXES] if len(comparison.break_even) else []),
        "alternative": (
            f"Posterior of {', '.join(names)}{under}: medians with central 50 % and 90 % intervals. "
            "The table above holds the same numbers."
        ),
    }


def _markdown(table: Table) -> str:
    """Write a table of the terminal in Markdown, its title before and its caption after it."""
    ends = ["---:" if column.justify == "right" else "---" for column in table.columns]
    rows = [
        [str(column.header) for column in table.columns],
        *zip(*(column.cells for column in table.columns), strict=True),
    ]
    parts = [f"*{table.title}*" if table.title else "", _rows(rows[0], ends, rows[1:]), str(table.caption or "")]
    return "\n\n".join(part for part in parts if part)


def _rows(header: Sequence[object], ends: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write the rows of a Markdown table."""
    lines = [header, ends, *rows]
    cells = [[str(cell).strip().replace("|", r"\|").replace("\n", "<br>") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _depends(fit: xr.DataTree, comparison: Comparison, model: pm.Model) -> dict[str, str]:
    """Return the strongest dependences of the first outcome at its last label in the reference regime."""
    outcome = comparison.described["outcome"].iloc[0]
    last = comparison.outcomes.loc[comparison.outcomes["outcome"] == outcome, "at"].iloc[-1]
    regimes = set(comparison.outcomes.loc[comparison.outcomes["outcome"] == outcome, "regime"])
    regime = comparison.reference if comparison.reference in regimes else ""
    (one,) = drawn(fit, [outcome], [regime]) if regime else drawn(fit, [outcome])
    place = one.results.index((outcome, last))
    inputs, outputs = (draws.reshape(-1, draws.shape[-1]) for draws in (one.inputs, one.outputs))
    found = pd.DataFrame(one.quantities, columns=["quantity", "label"])
    found["rank_correlation"] = rank_correlation(inputs, outputs[:, [place]])
    own = found.sort_values("rank_correlation", key=lambda sizes: -sizes.abs(), kind="stable")
    unit = comparison.described["unit"].iloc[0]
    title = regime_words(comparison).get(regime)
    what = " ".join(
        part for part in (outcome_words(outcome, unit), place_words(last), f"under {title!r}" if title else "") if part
    )
    rows = [_dependence(fit, model, comparison.reference, row) for row in own.head(STRONGEST).to_dict("records")]
    header = ["quantity", "unit", "prior, 90 %", "posterior median", "posterior, 90 %", "rank correlation"]
    which = f"the {STRONGEST} largest of {len(own)}" if len(own) > STRONGEST else "all that there are"
    words = (
        f"Spearman's rank correlation of uncertain quantities with {what}, over joint posterior draws: {which}. "
        "At 1 the result always rises with the quantity, at -1 it always falls, at 0 they are unrelated; below about "
        "0.05 in size it is sampling noise. A correlation is no effect: quantities that the judgements tie together "
        f"share theirs. {DAGGER} marks an illustrative prior."
    )
    return {"dependence_words": fill(words, WIDTH), "dependence": _rows(header, ["---", "---", *["---:"] * 4], rows)}


def _dependence(fit: xr.DataTree, model: pm.Model, reference: str, row: Mapping[Hashable, Any]) -> list[str]:
    """Return the cells of one quantity, prior and posterior both in the reference regime."""
    name, label = str(row["quantity"]), str(row["label"])
    quantity = model[name].tag.quantity
    stated = intervals(fit["posterior"].dataset[name])
    held = stated[(stated["at"] == label) & stated["regime"].isin(["", reference])].iloc[0]
    prior = interval_words(*quantity.intervals[label.partition("=")[2]], _sign(quantity.unit))
    mark = DAGGER if quantity.source.lower().startswith("illustrative") else ""
    return [
        f"{name.replace('_', ' ')} {place_words(label)}".strip(),
        quantity.unit,
        f"{prior.strip()}{mark}",
        with_unit(held["median"], _sign(quantity.unit)).strip(),
        interval_words(held["q05"], held["q95"], _sign(quantity.unit)).strip(),
        f"{row['rank_correlation']:+.2f}",
    ]


def _sign(unit: str) -> str:
    """Keep the percent sign of probabilities; other units have a column of their own."""
    return unit if unit == "probability" else ""


def _doubts(fit: xr.DataTree, comparison: Comparison) -> dict[str, object]:
    """Return what leans on illustrative numbers, the verdict, and each check that did not simply pass."""
    marked = int(comparison.leans["leans"].sum())
    quantities = [
        name for name, held in fit["posterior"].dataset.data_vars.items() if held.attrs.get("kind") == "quantity"
    ]
    parameters = {name for text in comparison.regimes["illustrative"] for name in text.split(", ") if name}
    leaning = [
        f"Results marked {DAGGER}: {marked} of {len(comparison.leans)}{MARKED if marked else ''}.",
        f"Quantities with an illustrative prior: {len(comparison.illustrative_priors)} of {len(quantities)}: "
        f"{_words(comparison.illustrative_priors)}.",
        f"What illustrative judgements judge beside headline outcomes: {_words(comparison.illustrative_inputs)}.",
    ]
    if len(comparison.regimes):
        leaning.append(f"Parameters that some regime sets or shifts by an illustrative number: {_words(parameters)}.")
    checks = comparison.diagnosis[comparison.diagnosis["status"] != "pass"]
    lines = checks[["name", "status", "value", "threshold", "advice"]].itertuples(index=False, name=None)
    return {
        "leaning": [_item(sentence) for sentence in leaning],
        "verdict": verdict_words(comparison),
        "failed": comparison.verdict == "failed",
        "checks": [_item(check_line(*line)) for line in lines],
    }


def _item(text: str) -> str:
    """Fold the text of a list item."""
    return fill(text, WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)


def _words(names: Iterable[str]) -> str:
    return ", ".join(sorted(name.replace("_", " ") for name in names)) or "none"


def _made(fit: xr.DataTree) -> dict[str, str]:
    settings = SETTINGS.record()
    options = " ".join(f"--{name} {settings[name]}" for name in ("seed", "draws", "chains"))
    known = json.loads(fit.attrs["versions"])
    return {
        "command": f"blackball fit {fit.attrs['model']} {options} --experts {EXPERTS}",
        "settings": ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in settings.items()),
        "versions": ", ".join(f"{name} {known[name]}" for name in STATED if name in known),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
