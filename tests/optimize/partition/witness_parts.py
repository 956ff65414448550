"""What the checkers of written witnesses share: refusing, and the parts of a branch and bound."""

from itertools import pairwise

SLIP = 1e-6  # share that sums of rounded prices may miss by


class WitnessError(AssertionError):
    """A witness does not show what it claims."""


def hold(true, otherwise):
    if not true:
        raise WitnessError(otherwise)


def parts_of(nodes, division, side):
    """Return the parts of each divided node: two, divided alike, on either side; raise where one is missing."""
    parts = {}
    for number, node in enumerate(nodes):
        if node["parent"] >= 0:
            hold(node["parent"] < number, "a part before the whole")
            parts.setdefault(node["parent"], []).append(number)
    for numbers in parts.values():
        hold(len(numbers) == 2, "a division that leaves something out")
        for a, b in pairwise(numbers):
            hold(division(nodes[a]) == division(nodes[b]), "two parts of different divisions")
            hold(nodes[a][side] is not nodes[b][side], "the same part twice")
    hold(sum(node["parent"] < 0 for node in nodes) == 1, "more than one root")
    return parts
