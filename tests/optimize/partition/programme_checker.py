"""An independent checker of bounds by integer programmes: every row is made anew from the territory, by its name.

Prices of the rows, whatever they are, bound what is left: each column is taken by itself at the end that costs less.
"""

from heapq import heappop, heappush
from math import ceil, gcd, inf

import networkx as nx

from tests.optimize.partition.witness_parts import SLIP, WitnessError, hold, parts_of


def check_programme(record, witness):
    """Return the bound that the nodes of a witness prove."""
    programme = MODELS[witness["of"]](record, witness)
    nodes = witness["nodes"]
    hold(bool(nodes), "no root")
    parts = parts_of(nodes, lambda node: (node["unit"], node["grid"]), "inside")
    held, proven = {}, {}
    for number, node in enumerate(nodes):
        held[number] = {} if node["parent"] < 0 else dict(held[node["parent"]])
        if node["parent"] >= 0:
            held[number]["in", node["unit"], node["grid"]] = node["inside"]
        if number not in parts:
            hold(node["prices"] is not None, "a leaf without prices")
            bound = programme.bound(node["prices"], held[number], with_costs=node["possible"])
            hold(node["possible"] or bound > 0, "a node that is not impossible")
            proven[number] = bound if node["possible"] else inf
    for number in reversed(range(len(nodes))):
        if number in parts:
            proven[number] = min(proven[part] for part in parts[number])
    bound = min(proven[0], witness["goal"])
    bound = programme.step * ceil(bound / programme.step - SLIP) if programme.step else bound
    hold(bound >= witness["bound"] * (1 - SLIP), f"{witness['bound']} claimed, {bound} shown")
    return bound


class Model:
    """Which unit is in which grid (`in`), and the load of each grid below and above the band."""

    step = 1  # every drawing costs a multiple of it; 0: nothing is known

    def __init__(self, record, witness):
        self.load, self.count = record["load"], record["grids"]
        self.units = range(len(self.load))
        self.low, self.high = record["band"]
        self.violation = witness["violation"]
        self.graph = nx.Graph()
        self.graph.add_nodes_from(self.units)
        self.graph.add_edges_from(map(tuple, record["neighbours"]))
        self.record = record
        self.cuts = witness["cuts"]
        for unit, far, around in self.cuts:
            left = self.graph.subgraph(set(self.units) - set(around))
            hold(
                unit in left and far in left and not nx.has_path(left, unit, far),
                "a cut that a connected drawing may break",
            )
        most = inf if self.violation is None else self.violation
        self.ends = {("in", u, g): 1.0 for u in self.units for g in range(self.count)}
        self.ends |= {("below", g): min(most, self.low) for g in range(self.count)}
        self.ends |= {("above", g): min(most, sum(self.load)) for g in range(self.count)}
        self.costs = {}

    def row(self, kind, *at):
        """Return a row: what it holds of each column, its lower and its upper end."""
        if kind == "unit":
            return {("in", at[0], g): 1 for g in range(self.count)}, 1, 1
        if kind == "some":
            return {("in", u, at[0]): 1 for u in self.units}, 1, inf
        if kind == "low":
            return {("below", at[0]): 1} | {("in", u, at[0]): self.load[u] for u in self.units}, self.low, inf
        if kind == "high":
            return {("above", at[0]): -1} | {("in", u, at[0]): self.load[u] for u in self.units}, -inf, self.high
        if kind == "outside" and self.violation is not None:
            sides = {(side, g): 1 for side in ("below", "above") for g in range(self.count)}
            return sides, -inf, self.violation
        if kind == "piece":
            unit, far, around = self.cuts[at[0]]
            row = {("in", w, at[1]): -1 for w in around}
            return row | {("in", unit, at[1]): 1, ("in", far, at[1]): 1}, -inf, 1
        raise WitnessError(f"no row is called {kind}")

    def bound(self, prices, held, *, with_costs):
        """Return what prices prove where some units are held in or out of a grid."""
        fixed = 0.0
        reduced = dict(self.costs) if with_costs else {}
        for *name, price in prices:
            row, low, high = self.row(*name)
            end = low if price > 0 else high
            hold(abs(end) < inf, "a price for an end that the row does not have")
            fixed += price * end
            for column, share in row.items():
                reduced[column] = reduced.get(column, 0.0) - price * share
        for column, cost in reduced.items():
            end = self.ends[column]
            inside = held.get(column)
            fixed += (cost * end if inside else 0.0) if inside is not None else min(0.0, cost * end)
        return fixed


class Borders(Model):
    """Fewest cut pairs: a pair costs once for the grid that its first unit is in and its second is not."""

    def __init__(self, record, witness):
        super().__init__(record, witness)
        self.heavy = sorted(self.units, key=lambda u: (-self.load[u], u))
        self.roots = self._roots()
        pairs = [tuple(pair) for pair in record["neighbours"]]
        self.ends |= {("left", *pair, g): 1.0 for pair in pairs for g in range(self.count)}
        for g, root in enumerate(self.roots):
            reached = self._reached(root)
            for u in self.units:
                if u not in reached or (u in self.roots and u != root):
                    self.ends["in", u, g] = 0.0
            for other in range(self.count):
                if other != g:
                    self.ends["in", root, other] = 0.0
        self._price(record)

    def _price(self, record):
        self.costs = {("left", a, b, g): cost for a, b, cost in record["cut_costs"] for g in range(self.count)}
        self.step = int(all(cost == round(cost) for _, _, cost in record["cut_costs"]))

    def _roots(self):
        """Return units of which no two fit into one grid: grids are alike, so the first is in grid 0, and so on."""
        if self.violation is None:
            return self.heavy[:1]
        roots = []
        for unit in self.heavy[: 4 * self.count]:
            alone = all(self.load[unit] + self.load[root] > self.high + self.violation for root in roots)
            if alone and len(roots) < self.count:
                roots.append(unit)
        return roots

    def _reached(self, root):
        """Return the units that a grid with this root can hold: the lightest way to them fits."""
        if self.violation is None:
            return set(self.units)
        most = self.high + self.violation
        ways = nx.single_source_dijkstra_path_length(self.graph, root, weight=lambda u, v, _: self.load[v])
        return {u for u, way in ways.items() if way + self.load[root] <= most}

    def row(self, kind, *at):
        if kind == "pair":
            a, b, g = at
            return {("in", a, g): 1, ("in", b, g): -1, ("left", a, b, g): -1}, -inf, 0
        if kind == "order":  # grids without a root, the one with the heaviest unit first
            place, g = at
            hold(g > len(self.roots), "a grid that has a root is ordered")
            before = {("in", u, g - 1): -1 for u in self.heavy[:place]}
            return before | {("in", self.heavy[place], g): 1}, -inf, 0
        return super().row(kind, *at)


class Violation(Borders):
    """Least load outside the band."""

    def _price(self, record):
        self.costs = {(side, g): 1 for side in ("below", "above") for g in range(self.count)}


class Moved(Model):
    """Fewest households that leave home, among plans that move fewer than the goal."""

    def __init__(self, record, witness):
        super().__init__(record, witness)
        self.home, self.households, self.limit = record["home"], record["households"], witness["goal"]
        self.costs = {
            ("in", u, g): self.households[u]
            for u in self.units
            for g in range(self.count)
            if self.home[u] >= 0 and self.home[u] != g
        }
        self.step = gcd(*(h for h, home in zip(self.households, self.home, strict=True) if home >= 0))
        for g in range(self.count):
            reached = self._reached(g)
            for u in self.units:
                if u not in reached:
                    self.ends["in", u, g] = 0.0

    def _reached(self, grid):
        """Return the units that a grid can hold: on the way there from its own units all move.

        A grid that keeps none of its own moves them all, and what fills it up to the band's lower end.
        """
        own = [u for u in self.units if self.home[u] == grid]
        new = sum(h for h, home in zip(self.households, self.home, strict=True) if home < 0)
        filled = max(0, self.low - self.violation - new) if self.load == self.households else 0
        if not own or sum(self.households[u] for u in own) + filled < self.limit:
            return set(self.units)
        moved = dict.fromkeys(own, 0)
        queue = [(0, u) for u in own]
        while queue:
            so_far, u = heappop(queue)
            for v in self.graph[u]:
                there = so_far + (self.households[v] if self.home[v] >= 0 else 0)
                if so_far == moved[u] and there < moved.get(v, self.limit):
                    moved[v] = there
                    heappush(queue, (there, v))
        return set(moved)

    def row(self, kind, *at):
        if kind == "fewer":
            return dict(self.costs), -inf, self.limit - 1
        if kind == "together":
            first, other, g = at
            hold(any({first, other} <= set(units) for units in self.record["together"]), "not together")
            return {("in", first, g): 1, ("in", other, g): -1}, 0, 0
        if kind == "apart":
            first, other, g = at
            hold([first, other] in self.record["apart"], "not apart")
            return {("in", first, g): 1, ("in", other, g): 1}, -inf, 1
        return super().row(kind, *at)


MODELS = {"cut": Borders, "violation": Violation, "moved": Moved}
