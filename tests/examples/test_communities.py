"""Communities of a bundled example, merged and split."""

from api.workflow import read_study
from gis.measures import unit_pieces
from gis.space import subdistrict_neighbours
from optimize.partition import draw_communities


def test_the_communities_of_ang_mo_kio_fit_the_band_and_stay_whole(root):
    _, study = read_study(root / "examples" / "ang_mo_kio" / "study.toml")
    links = subdistrict_neighbours(study)
    band = study.settings.communities.band
    redrawn = draw_communities(study, band, links)
    plan = redrawn.drawn.plan
    households = study.units["households"].groupby(plan.assignment).sum()
    general = [g for g, info in plan.grids.items() if info.kind == "general"]
    assert len(general) == 26
    assert households[general].between(band.minimum, band.maximum).all()
    assert unit_pieces(plan.assignment, links).groupby(plan.assignment).nunique().eq(1).all()
    assert households.sum() == study.units["households"].sum()
    parents = study.units["community_id"].map(study.areas["parent_id"]).groupby(plan.assignment).first()
    assert {g: info.community_id for g, info in plan.grids.items()} == parents.to_dict()
    assert [t.violation_bound for t in redrawn.drawn.report.territories] == [0]
