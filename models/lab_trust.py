"""A lab and its trust: would the lab halt when a warning warrants it, year by year, under which constitution?

Question.  A warning is there, and it warrants a halt. How likely is it that one lab halts in time, or does not, in
2023, 2024, 2026 and 2030, with a trust that elects more and more of its directors, and with what is added to it?

Structure.  The seats of the board follow a schedule: none elected by the trust at first, then one, then three of
five. Directors vote to halt, more than half of the directors in office carry it, and the trust's picks vote alike as
far as they are of one movement: all that counts is then whether that movement stands. Rivals who press the lab lower
every director's willingness, on the log-odds scale. Those who may change the rules do so, in any year, in order not
to halt, and the rules stay changed. A halt must come within the window in which it still helps. An outside regulator
is a second route to a halt, past board and rules. A merge-and-assist clause bears on halting through the race alone:
believed, it takes rivals out of the race, so that directors have less to lose by a halt.

What follows from the form.  Three picks of five that always vote alike decide alone, with the chance that one of
them stands. Agreement helps where founders fold, since then all three picks are needed; it costs halts where founders
stand, since then each pick is one more chance. A trust that halts without need, or that nobody checks, is not modelled.

Judgements.  Illustrative ones of an input (a trust-elected director stands) and of a result (the lab halts, in 2024
and in 2030); the posterior satisfies both. Tables compare risks, so the headline is the complement, `no_halt`.

Sources.  Seats: Matthews, Vox (2023), on the Long-Term Benefit Trust, as quoted in a 2023 review of it. The clause:
OpenAI Charter (2018), of another lab. Every prior names its own; those marked illustrative are nobody's published view.
"""

import numpy as np
import pymc as pm
import pymc.dims as pmd

from blackball.mechanisms import authority, racing
from blackball.modelling import (
    given_by_year,
    given_counts_by_year,
    judged,
    outcome,
    positive,
    probability,
    quantities,
)
from blackball.panel import Panel
from blackball.regimes import Regimes

PANEL = "lab-trust"
REGIMES = "lab-trust.toml"
CRUXES = ["agreement", "rules_change", "delay", "believed"]
YEARS = [2023, 2024, 2026, 2030]
FOUNDED = 2023
RIVALS = np.array([1.0, 2.0, 3.0])  # illustrative: a few, one behind the other
NEAR = 6.0  # illustrative: months over which a lead stops the lab feeling pressed
BLOCS = {"trust": (0.4, 0.95), "founders": (0.15, 0.8), "grant_maker": (0.2, 0.85), "investors": (0.1, 0.6)}
WIDE = "illustrative: a wide interval where no figure is published"

PRIORS = {
    # the board
    "stands": probability(BLOCS, dim="bloc", source=WIDE),
    "agreement": probability((0.1, 0.9), source="illustrative: from picks of many minds to picks of one movement"),
    # the race
    "gap": positive((1, 18), unit="months between one rival and the next", source=WIDE),
    "fear": positive((0.1, 2), unit="log odds of not standing, at full pressure", source=WIDE),
    # merge and assist: does it take a rival out of the race?
    "believed": probability((0.05, 0.7), source="illustrative: a clause that binds nobody in law"),
    "value_aligned": probability((0.2, 0.8), source="illustrative: what the clause asks of a rival, in its own words"),
    "comes_close": probability((0.2, 0.8), source="illustrative: what triggers the clause, in its own words"),
    # incumbents, and time
    "rules_change": probability((0.01, 0.15), source="illustrative: a year's chance that one who may change them does"),
    "delay": positive((0.5, 6), unit="months from a warning to a halt", source=WIDE),
    "window": positive((2, 18), unit="months in which a halt still helps", source=WIDE),
    # outside
    "regulator_halts": probability((0.1, 0.7), source="illustrative: a young authority that may order a halt in time"),
}


def build(panel: Panel, regimes: Regimes, experts: str = "mixture") -> pm.Model:
    """Build the model of a lab and its trust."""
    with pm.Model(coords={"regime": regimes.names, "year": YEARS, "rival": RIVALS}) as model:
        q = quantities(PRIORS, regimes)
        seats = given_counts_by_year({bloc: f"seats_{bloc}" for bloc in BLOCS}, "bloc", regimes, YEARS)
        clause = given_by_year("clause", regimes, YEARS, within=(0, 1))
        may_change = given_by_year("may_change_rules", regimes, YEARS, within=(0, 10))
        regulator = given_by_year("regulator", regimes, YEARS, within=(0, 1))
        rank = pmd.Data("rank", RIVALS, dims="rival")
        years = pmd.Data("years", [float(year - FOUNDED) for year in YEARS], dims="year")
        picked = pmd.Data("picked_by_the_trust", [float(bloc == "trust") for bloc in BLOCS], dims="bloc")

        # The race: what directors fear to lose by a halt adds to their log odds of folding, as it does to corners cut.
        merge = racing.merge_and_assist(clause * q["believed"], q["value_aligned"], q["comes_close"])
        pressure = racing.pressure(racing.rivalry(q["gap"] * rank, tau=NEAR, merge=merge))
        stands = 1 - racing.raced_misalignment(1 - q["stands"], pressure, q["fear"])

        # The board: only the trust's picks are of one movement; other directors vote each for himself.
        votes = authority.majority(stands, seats, agreement=q["agreement"] * picked)
        board = outcome("board_votes", votes, meaning="the board votes to halt when a warning warrants it")

        # Rules and time: each body that may change the rules has its own chance in every year.
        changed = authority.rules_changed_by(q["rules_change"], years * may_change)
        inside = authority.halt(board, changed, q["delay"], q["window"])
        either = authority.either(inside, regulator * q["regulator_halts"])
        halts = outcome("halts", either, meaning="a warning that warrants it ends in a halt in time")
        outcome("no_halt", 1 - halts, meaning="a warning that warrants a halt ends in none in time", headline=True)
        judged(panel, experts)
    return model


if __name__ == "__main__":
    from blackball.cli import main

    main("fit", __file__)
