"""Exceptions of a plan, by name."""

from dataclasses import replace

from gis.files.certificate import certificate_of
from gis.measures import measure_grids
from gis.model.exceptions import exceptions_of, split_compounds
from gis.model.findings import Finding, Findings
from gis.model.kinds import StoppedBy
from gis.model.plan import GridInfo, Plan
from gis.model.results import SolveReport


def halved(outcome):
    """The town's community A in two grids that cut its compound, and nothing else."""
    columns = outcome.study.units["x"]
    ids = {u: f"{c}{1 + (c == 'A' and columns[u] > 50):03d}" for u, c in outcome.study.units["community_id"].items()}
    plan = Plan.of("town", ids, [GridInfo(g, g[0]) for g in sorted(set(ids.values()))])
    grids = measure_grids(outcome.study, plan, SolveReport("", 0, StoppedBy.WORK, 0.0))
    return replace(outcome, plan=plan, grids=grids)


def test_a_compound_in_two_grids_is_named_with_them(outcome):
    cut = halved(outcome)
    assert split_compounds(cut.study, cut.plan).to_dict("records") == [
        {"compound": "court", "community_id": "A", "households": 400, "grids": ("A001", "A002")}
    ]
    (found,) = [e for e in exceptions_of(cut) if e.kind == "compound"]
    assert (found.name, found.amount, found.limit) == ("court", 400, 500)


def test_compounds_of_one_name_in_two_communities_are_two(outcome):
    study = outcome.study
    both = study.units.assign(compound=["court"] * len(study.units))
    whole = {u: f"{c}001" for u, c in study.units["community_id"].items()}
    plan = Plan.of("town", whole, [GridInfo(g, g[0]) for g in sorted(set(whole.values()))])
    assert split_compounds(replace(study, units=both), plan).empty


def test_a_building_split_by_entrance_is_named_only_where_its_entrances_part(outcome):
    cut = halved(outcome)
    first = sorted(u for u in cut.study.units.index if u.startswith("u"))
    units = cut.study.units.rename(index={first[0]: "T-1", first[2]: "T-2"}).sort_index()
    told = Findings((Finding("building-by-entrance", {"building_id": "T", "households": 200}),))
    names = {first[0]: "T-1", first[2]: "T-2"}
    grid_of = {names.get(u, u): g for u, g in cut.plan.assignment.items()}
    plan = Plan.of("town", grid_of, cut.plan.grids.values())
    parted = replace(cut, study=replace(cut.study, units=units, findings=told), plan=plan)
    (found,) = [e for e in exceptions_of(parted) if e.kind == "building"]
    assert (found.name, found.amount, found.grids) == ("T", 200, ("A001", "A002"))


def test_grids_above_a_soft_limit_are_named_and_stand_in_the_certificate(outcome):
    settings = outcome.study.settings
    profiles = {n: replace(p, residents_soft_max=400, area_soft_max_km2=0.03) for n, p in settings.profiles.items()}
    study = replace(outcome.study, settings=replace(settings, profiles=profiles))
    cut = replace(halved(outcome), study=study)
    over = {(str(e.kind), e.name): e.amount for e in exceptions_of(cut)}
    assert over["residents", "A002"] == 1500
    assert over["area_km2", "A002"] == 0.06
    told = certificate_of(cut)["exceptions"]
    assert {"kind": "residents", "name": "A002", "community_id": "A", "amount": 1500.0, "limit": 400,
            "grids": ["A002"]} in told  # fmt: skip
