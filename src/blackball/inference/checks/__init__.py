"""Checks of a fit: each a function from the fit to results of one type.

`sampling` says whether the computation can be trusted; `doubts` says where judgement is called for.
"""
