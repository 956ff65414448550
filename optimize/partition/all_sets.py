"""Every connected set of units whose load fits, each once, compiled.

A set is rooted at its first unit and grows by neighbours not seen before (D. H. Redelmeier 1981, Counting
polyominoes: yet another attack, doi:10.1016/0012-365X(81)90237-5).
"""

# ruff: noqa: PLR0912, PLR0915, PLR0917
from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimize.partition.compiled import compiled
from optimize.partition.found_sets import FoundSets, first_sets, has_room, no_sets, put, roomier
from optimize.partition.problem import Bools, Ints
from optimize.partition.set_rules import SetRules, clashes, heart_beside, heart_within, side_hm, torn


class Place(NamedTuple):
    """Where a listing of all sets stands, so that it can pause: written by `every_set`.

    Attributes
    ----------
    at
        First unit of the set at hand, and how many units it has; -1: the next first unit is to begin.
    seen, inside, queue, chosen, head, tail, sums
        What the listing remembers of the way there.
    """

    at: Ints
    seen: Bools
    inside: Bools
    queue: Ints
    chosen: Ints
    head: Ints
    tail: Ints
    sums: Ints


def beginning(n: int) -> Place:
    """Return the place where a listing of the sets of n units begins."""
    return Place(
        at=np.array([0, -1], np.int64),
        seen=np.zeros(n, np.bool_),
        inside=np.zeros(n, np.bool_),
        queue=np.zeros(n + 1, np.int32),
        chosen=np.zeros(n + 1, np.int32),
        head=np.zeros(n + 2, np.int64),
        tail=np.zeros(n + 2, np.int64),
        sums=np.zeros(n + 2, np.int64),
    )


@compiled
def every_set(
    rules: SetRules, slack: int, most: int, most_nodes: int, place: Place, pause: int
) -> tuple[bool, int, FoundSets]:
    """List connected sets with at most ``slack`` of load outside the band, groups whole and rivals apart.

    Parameters
    ----------
    most, most_nodes
        Limits on the sets listed and on the nodes searched.
    place, pause
        Where to go on, and after how many nodes to come back with a part; the next call then lists the next.

    Returns
    -------
    tuple
        complete, nodes, and the sets.
    """
    indptr, indices, load, lo, hi = rules.indptr, rules.indices, rules.load, rules.low, rules.high
    n = len(load)
    found = no_sets()
    m = 0
    nodes = 0
    complete = True
    apart = len(rules.rivals) > 0
    at, seen, inside, queue, chosen, head, tail, sums = place
    held = np.zeros(len(rules.group_size), np.int64)
    at_home = np.zeros(rules.home.max() + 1 if len(rules.home) > 0 else 0, np.float64)
    tried = np.zeros(len(rules.gap), np.bool_)
    for root in range(at[0], n):
        depth = at[1]
        at[0], at[1] = root, -1
        if depth < 0:
            queue[0] = root
            seen[root] = True
            head[0] = 0
            tail[0] = 1
            depth = 0
        while True:
            if nodes >= pause:
                at[1] = depth
                complete = False
                break
            if head[depth] == tail[depth]:
                if depth == 0:
                    break
                depth -= 1
                inside[chosen[depth]] = False
                for q in range(tail[depth], tail[depth + 1]):
                    seen[queue[q]] = False
                continue
            u = queue[head[depth]]
            head[depth] += 1
            total = sums[depth] + load[u]
            if total - hi > slack or (apart and clashes(u, inside, rules)):
                continue
            nodes += 1
            if nodes > most_nodes:
                complete = False
                break
            chosen[depth] = u
            inside[u] = True
            end = tail[depth]
            for e in range(indptr[u], indptr[u + 1]):
                v = indices[e]
                if v > root and not seen[v]:
                    seen[v] = True
                    queue[end] = v
                    end += 1
            depth += 1
            tail[depth] = end
            head[depth] = head[depth - 1]
            sums[depth] = total
            outside = max(0, total - hi, lo - total)
            if outside > slack:
                continue
            if len(held) > 0 and torn(chosen, depth, rules, held):
                continue
            if m == most:
                complete = False
                break
            if len(rules.hosts) > 0:
                heart, metres = heart_beside(chosen, depth, rules, tried)
            else:
                heart, metres = heart_within(chosen, depth, rules)
            cost = metres + side_hm(chosen, depth, inside, rules, at_home)
            if not has_room(found, m, depth):
                found = roomier(found, m, depth)
            put(found, m, chosen, depth, cost, heart, outside)
            m += 1
        if not complete:
            break
        seen[root] = False
    return complete, nodes, first_sets(found, m)
