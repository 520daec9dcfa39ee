"""What it is worth to know more: of parameters, of answers, and of cruxes that one person has forecast."""

from blackball.decisions.information.ask import ask
from blackball.decisions.information.asking import Asking
from blackball.decisions.information.costs import read_costs
from blackball.decisions.information.cruxes import crux_values
from blackball.decisions.information.worth import Worth, evpi, evppi, evsi

__all__ = ["Asking", "Worth", "ask", "crux_values", "evpi", "evppi", "evsi", "read_costs"]
