"""An independent checker of written witnesses: plain Python and networkx, slow, no code of the engine.

`check(record)` walks through one territory's witness as it stands in the file and returns what it proves, or raises
`WitnessError` with the first thing that does not hold.
"""

from math import ceil, hypot, inf

import networkx as nx

from tests.optimize.partition.programme_checker import check_programme
from tests.optimize.partition.witness_parts import SLIP, hold, parts_of

NEAR = 1e-7


class Town:
    """The units of a record, heavy ones capped at the band's upper end."""

    def __init__(self, record):
        self.count = record["grids"]
        self.low, self.high = record["band"]
        self.load = [min(load, self.high) for load in record["load"]]
        self.unavoidable = sum(record["load"]) - sum(self.load)
        self.households = record["households"]
        straight = [[hypot(ax - bx, ay - by) for bx, by in record["xy"]] for ax, ay in record["xy"]]
        self.metres = record.get("metres", straight)
        self.graph = nx.Graph()
        self.graph.add_nodes_from(range(len(self.load)))
        self.graph.add_edges_from(map(tuple, record["neighbours"]))
        self.together = [frozenset(units) for units in record["together"]]
        self.apart = [frozenset(pair) for pair in record["apart"]]
        self.cut_costs = record["cut_costs"]
        self.target, self.uneven = record["target"], record["off_target_cost"]
        self.unavoidable_cost = self.uneven * self.unavoidable  # a grid with a heavy unit is above the target anyway
        self.area, self.area_cap = record["area"], record["area_cap"]
        self.above_cap_cost = record["above_cap_cost"]
        self.home, self.away = record["home"], record["away_costs"]
        kept = zip(self.home, self.away, self.households, strict=True) if self.home else ()
        self.keep_price = min((away / h for home, away, h in kept if home >= 0 and h > 0), default=0.0)
        anchors = record["locked_to"]
        self.locked = [
            frozenset(u for u, anchor in enumerate(anchors) if anchor == number)
            for number in sorted(set(anchors) - {-1})
        ]

    def outside(self, units):
        return self.off(sum(self.load[u] for u in units))

    def off(self, load):
        return max(0, self.low - load, load - self.high)

    def walk(self, heart, units):
        return sum(self.households[u] * self.metres[heart][u] for u in units)

    def heart(self, units):
        return min(units, key=lambda h: (self.walk(h, units), h))

    def cost(self, units):
        """Return what a set costs: walk, load off the target, area above the cap, half of its borders, leaving."""
        cut = sum(cost / 2 for a, b, cost in self.cut_costs if (a in units) != (b in units))
        stay = {}
        for u in units if self.home else ():
            stay[self.home[u]] = stay.get(self.home[u], 0) + self.away[u]
        gone = sum(stay.values()) - max([0, *(cost for home, cost in stay.items() if home >= 0)])
        off = self.uneven * abs(sum(self.load[u] for u in units) - self.target)
        above = max(0, sum(self.area[u] for u in units) - self.area_cap) if self.above_cap_cost else 0
        return self.walk(self.heart(units), units) + off + self.above_cap_cost * above + cut + gone

    def fits(self, units):
        """Return whether a set keeps what must be together, apart and locked."""
        return (
            all(group <= units or not group & units for group in [*self.together, *self.locked])
            and not any(pair <= units for pair in self.apart)
            and sum(bool(group & units) for group in self.locked) <= 1
        )

    def connected_sets(self, slack):
        """Yield every connected set of units with at most ``slack`` outside the band."""

        def grow(units, load, open_to, refused):
            if self.outside(units) <= slack and self.fits(units):
                yield frozenset(units)
            refused = set(refused)
            for unit in sorted(open_to):
                more = load + self.load[unit]
                if more <= self.high + slack:
                    news = set(self.graph[unit]) - units - refused - open_to
                    yield from grow(units | {unit}, more, (open_to - refused - {unit}) | news, refused | {unit})
                refused.add(unit)

        for root in self.graph:
            below = set(range(root))
            yield from grow({root}, self.load[root], set(self.graph[root]) - below, below | {root})


def check(record):
    """Return (least violation, least household-metres) that a record proves; raise where it claims more."""
    town = Town(record)
    reached = check_drawing(town, record)
    least = max(0, town.count * town.low - sum(town.load), sum(town.load) - town.count * town.high)
    shown = record["violation_witness"]
    if shown is not None and shown["by"] == "sets":
        proven = check_sets(town, shown)
        least = max(least, min(ceil(proven - SLIP) if proven < inf else inf, shown["slack"] + 1))
    if shown is not None and shown["by"] == "gate":
        least = max(least, check_gate(town, shown))
    least += town.unavoidable
    if shown is not None and shown["by"] == "programme":
        least = max(least, check_programme(record, shown))
    hold(least >= record["violation_bound"], f"{record['violation_bound']} outside claimed, {least} shown")
    moves = check_programme(record, record["moved_witness"]) if record.get("moved_witness") is not None else 0
    if record["bound"] is None:
        return least, None
    if record["bound"] <= 0:
        return least, 0.0  # nothing costs less
    if town.count in {1, len(town.load)}:
        return least, reached  # there is one drawing
    witness = record["witness"]
    hold(witness is not None, "a bound without a witness")
    if witness["by"] == "programme":
        hold(witness["violation"] >= record["violation"], "proven of fewer drawings than claimed")
        hold(witness["of"] == record["objective_of"], "proven of something else")
        bound = check_programme(record, witness)
    else:
        hold(witness["slack"] >= record["violation"] - town.unavoidable, "proven of fewer drawings than claimed")
        bound = check_sets(town, witness) if witness["by"] == "sets" else check_hearts(town, witness)
        bound += town.unavoidable_cost
        if moves:  # hearts know the walk alone; sets may let two grids be at home in one
            hold(record["moved_witness"]["violation"] >= record["violation"], "moves of fewer drawings than claimed")
            paid = moves * town.keep_price
            bound = bound + paid if witness["by"] == "hearts" else max(bound, paid)
    claimed = record["bound"]
    hold(bound >= claimed - SLIP * abs(claimed), f"{claimed} metres claimed, {bound} shown")
    return least, bound


def check_drawing(town, record):
    """Return the household-metres, or what the borders cost, of the drawing that the record tells."""
    grids = {}
    for unit, label in enumerate(record["labels"]):
        grids.setdefault(label, set()).add(unit)
    hold(len(grids) == town.count, "another number of grids")
    hold(all(nx.is_connected(town.graph.subgraph(g)) for g in grids.values()), "a grid in pieces")
    outside = sum(town.outside(g) for g in grids.values()) + town.unavoidable
    if record["objective_of"] == "walk":
        walk = sum(town.cost(g) for g in grids.values()) + town.unavoidable_cost
    else:
        walk = sum(cost for a, b, cost in town.cut_costs if record["labels"][a] != record["labels"][b])
    hold(outside == record["violation"], "another violation")
    hold(abs(walk - record["objective"]) <= SLIP * (1 + walk), "another objective")
    return walk


# -- gates -------------------------------------------------------------------------------------------------


def check_gate(town, witness):
    """Return the least load outside that a unit which parts the town proves: all ways to share out the grids."""
    gate, claimed = witness["unit"], witness["bound"]
    hold(gate in town.graph, "no unit")
    rest = town.graph.subgraph(set(town.graph) - {gate})
    parts = [sum(town.load[u] for u in part) for part in nx.connected_components(rest)]
    hold(len(parts) > 1, "a unit that parts nothing")

    def least(left, grids, fewest, most):
        """Return the least outside where the gate's grid may have from ``fewest`` to ``most`` so far."""
        if not left:
            return inf if grids else max(0, fewest - town.high, town.low - most)
        load, rest = left[0], left[1:]
        ways = [least(rest, grids, fewest + load, most + load)]
        for inside in range(1, grids + 1):
            missed = max(0, inside * town.low - load)
            if missed >= claimed:
                break
            kept, given = max(0, load - inside * town.high), max(0, load - inside * town.low)
            ways.append(missed + least(rest, grids - inside, fewest + kept, most + given))
        return min(ways)

    bound = min(least(parts, town.count - 1, town.load[gate], town.load[gate]), claimed)
    hold(bound >= claimed, f"{claimed} claimed of a gate, {bound} shown")
    return bound


# -- hearts ------------------------------------------------------------------------------------------------


def check_hearts(town, witness):
    """Return the bound that the nodes prove: the least of all leaves."""
    nodes, goal = witness["nodes"], witness["goal"]
    hold(nodes and nodes[0]["parent"] == -1, "no root")
    parts = parts_of(nodes, lambda node: (tuple(node["hearts"]), node["unit"]), "within")
    units = set(town.graph)
    allowed, needs, proven = {}, {}, {}
    for number, node in enumerate(nodes):
        above = node["parent"]
        held = {h: set(units) for h in units} if above < 0 else {h: set(v) for h, v in allowed[above].items()}
        asked = [] if above < 0 else list(needs[above])
        if above >= 0:
            asked += _divided(held, node)
        allowed[number], needs[number] = held, asked
        steps = [inf] if not _possible(town, held, asked) else []
        for step in node["steps"]:
            if steps and steps[-1] >= goal * (1 - NEAR):
                break
            steps.append(_step(town, witness["slack"], witness["outside_price"], held, asked, step, goal))
        known = -inf if above < 0 else proven[above]
        proven[number] = max([known, *(min(step, goal) for step in steps)])
    for number in reversed(range(len(nodes))):
        if number in parts:
            proven[number] = max(proven[number], min(proven[part] for part in parts[number]))
    return proven[0]


def _divided(held, node):
    """Take from the hearts what a node leaves out; return the set of hearts one of which must be open."""
    ball = set(node["hearts"])
    for heart in list(held):
        if node["unit"] < 0:
            if heart in ball and not node["within"]:
                del held[heart]
        elif (heart in ball) != node["within"]:
            held[heart].discard(node["unit"])
            if node["unit"] == heart:
                del held[heart]
    return [ball] if node["within"] else []


def _disjoint(held, needs):
    """Return needed sets that share no heart, small ones first, or None where one can not be had."""
    taken = []
    for ball in sorted((need & set(held) for need in needs), key=len):
        if not ball:
            return None
        if not any(ball & other for other in taken):
            taken.append(ball)
    return taken


def _possible(town, held, needs):
    """Return whether enough hearts are left; close those that no drawing has."""
    taken = _disjoint(held, needs)
    if taken is None or len(taken) > town.count or len(held) < town.count:
        return False
    if len(taken) == town.count:
        for heart in set(held) - set().union(*taken):
            del held[heart]
    return set().union(*held.values()) == set(town.graph)


def _step(town, slack, outside, held, needs, step, goal):
    """Return the bound at the prices of a step, and take away what nothing below the goal can use."""
    price, theta = step["unit_prices"], step["load_prices"]
    tolls = {heart: {} for heart in held}
    for heart, pair, toll in step["tolls"]:
        hold(abs(toll) <= town.cut_costs[pair][2] / 2 * (1 + NEAR), "a toll above half of what the cut costs")
        tolls.setdefault(heart, {})[pair] = toll
    trees = {
        heart: Tree(town, slack, heart, units, price, theta[heart], tolls[heart], outside)
        for heart, units in held.items()
    }
    for heart, tree in trees.items():
        held[heart] &= tree.units
    value = {heart: tree.value for heart, tree in trees.items()}
    taken = _disjoint(held, needs)
    fixed = sum(price) - outside * slack
    bound = fixed + _cheapest(value, taken, town.count)
    if bound >= goal * (1 - NEAR):
        return bound
    for heart, tree in trees.items():
        forced = fixed + _cheapest(value, taken, town.count, forced=heart)
        for unit in list(held[heart]):
            if forced + tree.more(unit) >= goal * (1 - NEAR):
                held[heart].discard(unit)
        if heart not in held[heart]:
            del held[heart]
    return bound if _possible(town, held, needs) else inf


def _cheapest(value, needs, count, forced=None):
    """Return the cost of the ``count`` cheapest hearts with one of each needed set, and with ``forced``."""
    chosen = set() if forced is None else {forced}
    for ball in needs:
        if not ball & chosen:
            chosen.add(min(ball, key=lambda h: (value[h], h)))
    rest = sorted((v, h) for h, v in value.items() if h not in chosen)
    if len(chosen) > count or len(chosen) + len(rest) < count:
        return inf
    return sum(value[h] for h in chosen) + sum(v for v, _ in rest[: count - len(chosen)])


class Tree:
    """What a heart may hold, by dominators, and its cheapest part at the prices."""

    def __init__(self, town, slack, heart, units, price, theta, tolls=(), outside=0.0):
        graph = town.graph.subgraph(units)
        reached = nx.node_connected_component(graph, heart)
        above = nx.immediate_dominators(graph.subgraph(reached).to_directed(), heart)
        self.units = set(reached)
        self._heart = heart
        self._above = {u: a for u, a in above.items() if u != heart}
        below = {u: [] for u in reached}
        for unit, dominator in self._above.items():
            below[dominator].append(unit)
        own = {u: town.households[u] * town.metres[heart][u] - price[u] - theta * town.load[u] for u in town.graph}
        for pair in tolls:
            first, second, _ = town.cut_costs[pair]
            own[first] += tolls[pair]
            own[second] -= tolls[pair]
        self._worth = {}
        for unit in nx.dfs_postorder_nodes(nx.DiGraph(below), heart):
            self._worth[unit] = own[unit] + sum(min(0.0, self._worth[v]) for v in below[unit])
        low, high = max(0, town.low - slack), town.high + slack
        # the load that is cheapest at its price, and what it pays for being off the target and off the band
        ends = {low, high} | ({town.low, town.high} if outside else set())
        ends |= {min(max(town.target, low), high)} if town.uneven else set()
        beside = {end: town.uneven * abs(end - town.target) + outside * town.off(end) for end in ends}
        self.value = self._worth[heart] + min(theta * end + cost for end, cost in beside.items())
        if sum(town.load[u] for u in reached) < low or town.load[heart] > high:
            self.value = inf

    def more(self, unit):
        """Return what the cheapest part costs more with a unit and all its dominators in it."""
        added = 0.0
        while unit != self._heart:
            added += max(0.0, self._worth[unit])
            unit = self._above[unit]
        return added


# -- sets --------------------------------------------------------------------------------------------------


def check_sets(town, witness):
    """Return the bound that the stages and the branches prove, each set weighed by hand."""
    by_walk = witness["of"] == "walk"
    cost = town.cost if by_walk else town.outside
    better = witness["value"] * (1 + SLIP) if by_walk else witness["value"] - 1 + SLIP
    left = [(s, town.heart(s), cost(s), town.outside(s)) for s in town.connected_sets(witness["slack"])]
    best = 0.0
    for stage in witness["stages"]:
        fixed, weighed = _weighed(town, witness["slack"], stage, left)
        least = {}
        for (_, heart, _, _), reduced in weighed:
            least[heart] = min(reduced, least.get(heart, inf))
        cheap = sorted(least.values())
        best = max(best, fixed + sum(cheap[: town.count]) if len(cheap) >= town.count else inf)
        left = []
        for (units, heart, own, outside), reduced in weighed:
            others = sorted(v for h, v in least.items() if h != heart)[: town.count - 1]
            if len(others) == town.count - 1 and fixed + reduced + sum(others) <= better:
                left.append((units, heart, own, outside))
    if witness["nodes"]:
        best = max(best, _branched(town, witness, left))
    elif witness["by_solver"]:
        best = max(best, best_cover(town, witness["slack"], left))
    return min(best, witness["value"])  # what was dropped is in nothing better than the value


def _branched(town, witness, left):
    nodes = witness["nodes"]
    hold(nodes[0]["parent"] == -1, "no root")
    parts = parts_of(nodes, lambda node: tuple(node["pair"]), "together")
    inside, proven = {}, {}
    for number, node in enumerate(nodes):
        mine = left if node["parent"] < 0 else inside[node["parent"]]
        if node["parent"] >= 0:
            held = [len(set(node["pair"]) & units) for units, *_ in mine]
            barred = 1 if node["together"] else 2
            mine = [s for s, both in zip(mine, held, strict=True) if both != barred]
        inside[number] = mine
        proven[number] = 0.0
        if node["prices"] is not None:
            fixed, weighed = _weighed(town, witness["slack"], node["prices"], mine)
            cheap = sorted(reduced for _, reduced in weighed)[: town.count]
            proven[number] = fixed + sum(cheap) if len(cheap) == town.count else inf
    for number in reversed(range(len(nodes))):
        if number in parts:
            proven[number] = max(proven[number], min(proven[part] for part in parts[number]))
    return proven[0]


def _weighed(town, slack, stage, sets):
    """Return the constant of a Lagrangian and the reduced cost of every set."""
    prices, cuts = stage["unit_prices"], list(zip(stage["cuts"], stage["cut_prices"], strict=True))
    hold(stage["outside_price"] >= 0, "a negative price of load outside the band")
    hold(all(price <= 0 for _, price in cuts), "a cut that is paid for")
    fixed = sum(prices) + town.count * stage["grid_price"] - slack * stage["outside_price"]
    fixed += sum(price for _, price in cuts)
    weighed = []
    for one in sets:
        units, _, own, outside = one
        reduced = own - sum(prices[u] for u in units) - stage["grid_price"] + stage["outside_price"] * outside
        reduced -= sum(price for triple, price in cuts if len(units & set(triple)) >= 2)
        weighed.append((one, reduced))
    return fixed, weighed


def best_cover(town, slack, sets):
    """Return the least cost of ``count`` sets that hold each unit once, by trying all; inf without any."""
    holding = {}
    for units, _, own, outside in sets:
        holding.setdefault(min(units), []).append((units, own, outside))
    everything = frozenset(town.graph)

    def cover(held, count, spare):
        if held == everything:
            return 0.0 if count == 0 else inf
        first = min(everything - held)
        if count == 0:
            return inf
        return min(
            (
                own + cover(held | units, count - 1, spare - outside)
                for units, own, outside in holding.get(first, [])
                if not units & held and outside <= spare
            ),
            default=inf,
        )

    return cover(frozenset(), town.count, slack)
