"""The structure of a risk model as Mermaid text, read off the built model itself.

An arrow runs from a to b if b is computed from a without passing through another named thing.  What is of
one kind and feeds the same results shares a box, so that a model of thirty quantities stays readable; what the panel
judges has a box of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pymc as pm
    from pytensor.graph.basic import Variable

__all__ = ["Node", "Structure", "diagram", "structure"]

SHAPES = {
    "quantity": ("(", ")"),
    "known": ("[[", "]]"),
    "evidence": ("[(", ")]"),
    "outcome": ("{{", "}}"),
    "headline": ("{{", "}}"),
}
LEGEND = {
    "quantity": "Legend: uncertain quantities",
    "known": "known numbers",
    "evidence": "counted evidence",
    "outcome": "outcome",
    "headline": "headline outcome",
}
JUDGED = "thick border: judged by the panel"
# Okabe & Ito (2008), "Color Universal Design", lightened; each kind but the headline has a shape of its own as well.
COLOURS = {
    "quantity": "fill:#D6EAF5,stroke:#0072B2,color:#111111",
    "known": "fill:#EFEFEF,stroke:#707070,color:#111111",
    "evidence": "fill:#D5EFE6,stroke:#009E73,color:#111111",
    "outcome": "fill:#FBEBCB,stroke:#B87F00,color:#111111",
    "headline": "fill:#B34700,stroke:#5C2400,color:#FFFFFF",
}
LOOKS = {
    **COLOURS,
    **{f"judged_{kind}": f"{colours},stroke-width:4px" for kind, colours in COLOURS.items()},
    "plain": "fill:none,stroke:none",
}
# Room between ranks keeps arrows off boxes; the labels of outcomes stay on one line.
SPACING = '%%{init: {"flowchart": {"nodeSpacing": 24, "rankSpacing": 80, "wrappingWidth": 320}}}%%'


@dataclass(frozen=True)
class Node:
    """One named thing of a model.

    Attributes
    ----------
    name : str
    kind : {"quantity", "known", "evidence", "outcome", "headline"}
    dims : tuple of str
        What it differs by.
    answers, illustrative : int
        Judgements of it in the panel, and how many of them are illustrative.
    """

    name: str
    kind: str
    dims: tuple[str, ...]
    answers: int
    illustrative: int


@dataclass(frozen=True)
class Structure:
    """What a model is made of.

    Attributes
    ----------
    nodes : dict of str to Node
        By name, in the order in which the model names them.
    edges : dict of str to tuple of str
        Names of what each node feeds directly; empty for one that feeds nothing.
    """

    nodes: dict[str, Node]
    edges: dict[str, tuple[str, ...]]


def structure(model: pm.Model) -> Structure:
    """Read the structure off a built model.

    Parameters
    ----------
    model : pymc.Model
        With at least one outcome.

    Returns
    -------
    Structure
        Quantities, outcomes and evidence; numbers that regimes set; and data that outcomes are computed from.
        What only the likelihood of judgements or the priors are computed from is left out.
    """
    known = {variable.name: "known" for variable in model.data_vars}
    stated = {name: kind for name, variable in model.named_vars.items() if (kind := _kind(variable))}
    observed = {rv.name: "evidence" for rv in model.observed_RVs if not hasattr(rv.tag, "judged")}
    kinds = known | stated | observed
    places = _places(model, kinds)
    above = {
        name: _above(model[name], places, name)
        for name, kind in kinds.items()
        if kind in ("outcome", "headline", "evidence")
    }
    used = {parent for name, parents in above.items() if kinds[name] != "evidence" for parent in parents}
    given = {name for name in known if hasattr(model[name].tag, "given")}
    names = [name for name in model.named_vars if name in stated or name in observed or name in used | given]
    answers = _answers(model)
    nodes = {
        name: Node(name, kinds[name], tuple(model.named_vars_to_dims.get(name, ())), *answers.get(name, (0, 0)))
        for name in names
    }
    edges = {name: tuple(other for other in names if name in above.get(other, ())) for name in names}
    return Structure(nodes, edges)


def diagram(model: pm.Model) -> str:
    """Draw the structure of a built model as a Mermaid flowchart.

    Parameters
    ----------
    model : pymc.Model

    Returns
    -------
    str
        Without the fence; the same text for the same model.
    """
    found = structure(model)
    boxes: dict[tuple[str, ...], list[Node]] = {}
    for node in found.nodes.values():
        alone = node.answers or node.kind not in ("quantity", "known")
        boxes.setdefault((node.name,) if alone else ("", node.kind, *found.edges[node.name]), []).append(node)
    lines = [SPACING, "flowchart LR"]
    for nodes in boxes.values():
        targets = found.edges[nodes[0].name]
        lines.append(f"    {_drawn(nodes, idle=not targets)}")
        lines += [f"    {_key(nodes[0].name)} --> {_key(target)}" for target in targets]
    text = "\n".join([*lines, *_legend(list(found.nodes.values()))])
    looks = [f"    classDef {name} {look}" for name, look in LOOKS.items() if re.search(rf":::{name}\b", text)]
    return "\n".join([text, *looks]) + "\n"


def _kind(variable: Variable) -> str:
    if hasattr(variable.tag, "quantity"):
        return "quantity"
    if hasattr(variable.tag, "outcome"):
        return "headline" if variable.tag.outcome.headline else "outcome"
    return ""


def _places(model: pm.Model, names: Iterable[str]) -> dict[Variable, str]:
    """Return the name that stands at a variable; an outcome's also at what it names, which a model may go on with."""
    places = {model[name]: name for name in names}
    for name in names:
        if hasattr(model[name].tag, "outcome"):
            places.setdefault(model[name].owner.inputs[0], name)
    return places


def _above(variable: Variable, places: Mapping[Variable, str], own: str) -> set[str]:
    """Return the names that a variable is computed from without passing through another of them."""
    found: set[str] = set()
    seen = {variable}
    waiting = [variable]
    while waiting:
        owner = waiting.pop().owner
        for parent in owner.inputs if owner is not None else ():
            if parent in seen:
                continue
            seen.add(parent)
            if places.get(parent, own) == own:
                waiting.append(parent)
            else:
                found.add(places[parent])
    return found


def _answers(model: pm.Model) -> dict[str, tuple[int, int]]:
    """Count the judgements of each variable, and the illustrative among them; a seed's truth is known."""
    if "judgements" not in model.named_vars:
        return {}
    encoded = model["judgements"].tag.judged.encoded
    targets = encoded.isel(judged=encoded["realisation"].isnull().values)
    counts: dict[str, tuple[int, int]] = {}
    for place in range(targets.sizes["judged"]):
        cell = targets.isel(judged=place)
        given = str(cell["given"].item())
        name = f"{cell['variable'].item()} given {given}" if given else str(cell["variable"].item())
        answered = cell["answered"].values
        before = counts.get(name, (0, 0))
        counts[name] = (
            before[0] + int(answered.sum()),
            before[1] + int((answered & cell["illustrative"].values).sum()),
        )
    return counts


def _drawn(nodes: list[Node], *, idle: bool) -> str:
    """Draw one box of nodes of one kind; known numbers that feed nothing are read when the model is built."""
    first = nodes[0]
    label = "<br>".join(_label(node) for node in nodes)
    if idle and first.kind == "known":
        label += "<br>(shape the model as it is built)"
    return _box(_key(first.name), label, first.kind, judged=bool(first.answers))


def _box(key: str, label: str, kind: str, *, judged: bool) -> str:
    opening, closing = SHAPES[kind]
    return f'{key}{opening}"{label}"{closing}:::{f"judged_{kind}" if judged else kind}'


def _label(node: Node) -> str:
    """Say what a node is in words: its name, what it differs by, and how often it is judged."""
    words = node.name.replace("_", " ")
    by = f", by {' and '.join(dim.replace('_', ' ') for dim in node.dims)}" if node.dims else ""
    judged = f"<br>{node.answers} judgement{'s' if node.answers > 1 else ''}" if node.answers else ""
    if node.illustrative:
        judged += ", illustrative" if node.illustrative == node.answers else f", {node.illustrative} illustrative"
    return f"{words}{by}{judged}"


def _legend(nodes: list[Node]) -> list[str]:
    """Chain a box of each kind by invisible links, so that the legend is one row beside the model."""
    kinds = {node.kind for node in nodes}
    boxes = [_box(f"legend_{kind}", LEGEND[kind], kind, judged=False) for kind in LEGEND if kind in kinds]
    judged = next((node.kind for node in nodes if node.answers), None)
    if judged:
        boxes.append(_box("legend_judged", JUDGED, judged, judged=True))
    return [f"    {' ~~~ '.join(boxes)}"]


def _key(name: str) -> str:
    """Return an identifier that no word of Mermaid's can be."""
    return "v_" + "".join(sign if sign.isalnum() else "_" for sign in name)
