"""Many panels with seeds at once: what the parameters of an expert model are in the population of panels.

Every panel has experts of its own. Parameters are common to all panels, but for those that `parameters.VARIES` names,
which differ from panel to panel about a common centre. What is learned is where a new panel starts (`hyperpriors`).
"""

from blackball.modelling.population.model import population_model
from blackball.modelling.population.parameters import PRIORS, VARIES

__all__ = ["PRIORS", "VARIES", "population_model"]
