"""What is stored comes back the same; versions, hashes and keys hold."""

from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest
from sqlalchemy import create_engine, text

from gis.measures import measure_plan
from gis.model.errors import FileRefusedError, LockedError, StaleVersionError, UnknownIdError
from gis.model.kinds import GridKind, PlanStatus, WalkBasis
from gis.model.plan import GridInfo
from gis.store import Change, EditChainBrokenError, EditKeyReusedError, Store
from tests.maps.river_town import river_town
from tests.towns import by_streets

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
CONTACTS = pd.DataFrame(
    {
        "worker_id": ["w1", "w2"],
        "display_name": ["网格长一", "网格长二"],
        "duty_phone": ["1", "2"],
        "public": ["yes", "no"],
    }
)


def allow(before, after):
    """A check that has nothing against anything."""


def assert_same(now, was):
    """Equal values in equal order, whatever stands for a missing one."""
    plain = [f[was.columns].astype(object).where(f[was.columns].notna(), None) for f in (now, was)]
    pd.testing.assert_frame_equal(*(pd.DataFrame(f) for f in plain), check_index_type=False)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'wangge.db'}"


@pytest.fixture
def store(url):
    opened = Store.open(url, now=lambda: NOON)
    yield opened
    opened.close()


@pytest.fixture
def plan_id(store):
    return store.save_outcome(river_town())


def move(store, plan_id, base, unit="u33", to="610002003", key=None, **more):
    change = Change({unit: to})
    return store.append_edit(
        plan_id,
        base,
        "move",
        change,
        author="planner",
        idempotency_key=key or f"k{base}",
        check=more.get("check", allow),
    )


def test_an_outcome_comes_back_the_same(store, plan_id):
    saved, loaded = river_town(), store.load_outcome(plan_id)
    for name in ("areas", "units", "barriers", "facilities"):
        was, now = getattr(saved.study, name), getattr(loaded.study, name)
        assert now.crs == was.crs
        assert_same(now, was)
    for was, now in (
        (saved.study.adjacency, loaded.study.adjacency),
        (saved.study.workers, loaded.study.workers),
        (saved.staffing.postings, loaded.staffing.postings),
        (saved.coverage.table, loaded.coverage.table),
        (saved.coverage.rates, loaded.coverage.rates),
        (saved.scorecard.table(), loaded.scorecard.table()),
    ):
        assert_same(now, was)
    assert_same(loaded.grids, saved.grids)
    assert loaded.study.settings == saved.study.settings
    assert (loaded.report, loaded.sitings[0].gains) == (saved.report, saved.sitings[0].gains)
    assert (loaded.staffing.vacancies, dict(loaded.staffing.overloads)) == (("610002003",), {"610002001": 150.0})
    assert loaded.plan.digest == saved.plan.digest
    assert loaded.study.group_columns == ("elder_80_alone",)
    assert (loaded.study.paths, loaded.study.present, loaded.study.reach_m) == (None, None, 1000.0)


def with_borders_and_walks(outcome):
    """The outcome with borders of which some lie on a road, and with walks that go round by streets."""
    pairs = outcome.study.adjacency[["unit_a", "unit_b"]]
    mapped_m = [10.0 * (i % 3) for i in range(len(pairs))]
    borders = pairs.assign(length_m=20.0, mapped_m=mapped_m)
    return replace(outcome, study=by_streets(replace(outcome.study, borders=borders)))


def test_borders_and_walks_come_back_and_measure_the_same(store):
    saved = with_borders_and_walks(river_town())
    loaded = store.load_outcome(store.save_outcome(saved))
    assert_same(loaded.study.borders, saved.study.borders)
    assert loaded.study.walks.table().equals(saved.study.walks.table())
    assert loaded.study.walk_basis is WalkBasis.NETWORK
    was, now = (measure_plan(o.study, o.plan) for o in (saved, loaded))
    for name in ("border_on_mapped_share", "walk_mean_m"):
        assert now[name].value == was[name].value is not None
    assert now["walk_mean_m"].value != measure_plan(river_town().study, saved.plan)["walk_mean_m"].value


def test_a_study_without_borders_and_walks_has_none_in_the_store(store, plan_id):
    study = store.load_outcome(plan_id).study
    assert (study.borders, study.walks) == (None, None)


def test_studies_that_differ_in_walks_or_borders_alone_are_two_editions(store):
    walked = with_borders_and_walks(river_town())
    further = replace(walked, study=replace(walked.study, walks=None))
    for outcome in (river_town(), walked, further, walked):
        store.save_outcome(outcome)
    assert store.studies()[0].edition_id == "river-town@3"
    assert store.edition_of("river-town-4") == store.edition_of("river-town-2") == "river-town@2"


def test_a_database_from_before_borders_and_walks_opens_with_its_editions(tmp_path):
    url = f"sqlite:///{tmp_path / 'old.db'}"
    store = Store.open(url)
    store.save_outcome(river_town())
    store.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in ("border", "unit_walk"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("UPDATE schema_version SET version = 2"))
    engine.dispose()
    store = Store.open(url)
    study = store.load_outcome("river-town-1").study
    assert (study.borders, study.walks) == (None, None)
    store.save_outcome(river_town())
    assert store.edition_of("river-town-2") == "river-town@1", "an equal study is still the same edition"
    store.save_outcome(with_borders_and_walks(river_town()))
    assert store.load_study("river-town").walks is not None
    assert store.load_edition("river-town@1").walks is None
    store.close()


def test_tables_come_back_with_the_kinds_that_measures_expect(store, plan_id):
    loaded = store.load_outcome(plan_id)
    assert loaded.study.units["households"].dtype == "int64"
    assert loaded.study.units["locked"].dtype == "bool"
    assert loaded.study.units["elder_80_alone"].dtype == "int64"
    assert loaded.grids["in_band"].dtype == "boolean"
    assert loaded.coverage.rates["shortfall"].dtype == "Int64"
    assert loaded.coverage.table["walk_m"].dtype == "float64"


def test_ids_follow_the_study_and_a_sequence(store):
    assert [store.save_outcome(river_town()) for _ in range(2)] == ["river-town-1", "river-town-2"]
    assert [(p.plan_id, p.version, p.status) for p in store.plans()] == [
        ("river-town-1", 1, PlanStatus.DRAFT),
        ("river-town-2", 1, PlanStatus.DRAFT),
    ]


def test_an_equal_study_is_stored_once_and_a_changed_one_beside_it(store):
    store.save_outcome(river_town())
    store.save_outcome(river_town())
    assert [s.edition_id for s in store.studies()] == ["river-town@1"]
    changed = river_town()
    store.save_outcome(replace(changed, study=replace(changed.study, reach_m=900.0)))
    assert [s.edition_id for s in store.studies()] == ["river-town@2"]
    assert store.load_study("river-town").reach_m == 900.0
    assert store.load_outcome("river-town-1").study.reach_m == 1000.0


def test_a_database_outlives_the_program(store, url, plan_id):
    store.close()
    again = Store.open(url)
    assert again.load_plan(plan_id).digest == river_town().plan.digest
    again.close()


def test_a_database_of_another_version_is_refused(store, url):
    store.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE schema_version SET version = 99"))
    engine.dispose()
    with pytest.raises(FileRefusedError, match="99"):
        Store.open(url)


def test_an_edit_makes_the_next_version_and_the_old_one_stays(store, plan_id):
    edit = move(store, plan_id, 1)
    assert (edit.seq, edit.payload["moves"]) == (2, [{"unit_id": "u33", "from": "610002001", "to": "610002003"}])
    assert store.plan_record(plan_id).version == 2
    assert store.load_plan(plan_id).grid_of("u33") == "610002003"
    assert store.load_plan(plan_id, version=1).digest == river_town().plan.digest


def test_grids_added_renamed_and_retired_are_taken_back_with_the_versions(store, plan_id):
    new = GridInfo("610002009", "610002", GridKind.GENERAL, "新网格")
    added = Change({"u33": "610002009"}, grids=(new,))
    store.append_edit(plan_id, 1, "new_grid", added, author="a", idempotency_key="1", check=allow)
    merged = Change(
        dict.fromkeys(store.load_plan(plan_id).units_of("610002003"), "610002002"), retired=("610002003",)
    )
    store.append_edit(plan_id, 2, "merge", merged, author="a", idempotency_key="2", check=allow)
    now = store.load_plan(plan_id)
    assert now.grids["610002009"] == new
    assert "610002003" not in now.grids
    assert "610002003" in store.load_plan(plan_id, version=2).grids
    assert store.load_plan(plan_id, version=1).digest == river_town().plan.digest
    assert store.load_plan(plan_id, version=1).grids.keys() == river_town().plan.grids.keys()


def test_a_status_step_is_an_edit(store, plan_id):
    step = Change({}, status=PlanStatus.SUBMITTED, facts={"why": "done"})
    edit = store.append_edit(plan_id, 1, "status", step, author="a", idempotency_key="1", check=allow)
    assert (edit.payload["status"], edit.payload["why"]) == ({"from": "draft", "to": "submitted"}, "done")
    assert store.plan_record(plan_id).status is PlanStatus.SUBMITTED


def test_an_edit_on_an_old_version_is_refused_with_both_versions(store, plan_id):
    move(store, plan_id, 1)
    with pytest.raises(StaleVersionError) as refused:
        move(store, plan_id, 1, key="another")
    assert refused.value.facts == {"plan_id": plan_id, "version": 2, "base_version": 1}


def test_a_repeated_edit_is_answered_again_and_not_done_again(store, plan_id):
    first = move(store, plan_id, 1, key="same")
    move(store, plan_id, 2, unit="u33", to="610002001")
    assert move(store, plan_id, 1, key="same") == first
    assert store.plan_record(plan_id).version == 3


def test_a_key_used_for_another_edit_is_refused(store, plan_id):
    move(store, plan_id, 1, key="same")
    with pytest.raises(EditKeyReusedError, match="same"):
        move(store, plan_id, 1, unit="u43", key="same")


def test_a_refused_check_leaves_nothing_behind(store, plan_id):
    def refuse(before, after):
        assert (before.grid_of("u33"), after.grid_of("u33")) == ("610002001", "610002003")
        raise LockedError("grid-locked", grid_id="610002003")

    with pytest.raises(LockedError):
        move(store, plan_id, 1, check=refuse)
    assert store.plan_record(plan_id).version == 1
    assert len(store.history(plan_id)) == 1
    assert move(store, plan_id, 1).seq == 2


@pytest.mark.parametrize("change", [Change({"u99x": "610002003"}), Change({"u33": "nowhere"})])
def test_units_and_grids_that_are_not_there_are_refused(store, plan_id, change):
    with pytest.raises(UnknownIdError):
        store.append_edit(plan_id, 1, "move", change, author="a", idempotency_key="1", check=allow)
    assert store.plan_record(plan_id).version == 1


@pytest.mark.parametrize("change", ['payload = \'{"moves":[],"grids":[]}\'', "author = 'somebody'", "seq = 9"])
def test_a_record_that_was_tampered_with_is_found(store, url, plan_id, change):
    move(store, plan_id, 1)
    move(store, plan_id, 2, unit="u43")
    store.verify(plan_id)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE plan_edit SET {change} WHERE seq = 2"))
    engine.dispose()
    with pytest.raises(EditChainBrokenError):
        store.verify(plan_id)


def test_unknown_plans_studies_and_versions_are_named(store, plan_id):
    with pytest.raises(UnknownIdError, match="nothing"):
        store.load_plan("nothing")
    with pytest.raises(UnknownIdError, match="nothing"):
        store.load_study("nothing")
    with pytest.raises(UnknownIdError, match="latest is 1"):
        store.load_plan(plan_id, version=2)


def test_contacts_stay_in_a_table_of_their_own(store, url):
    store.save_outcome(river_town(), contacts=CONTACTS)
    assert [(c.worker_id, c.public) for c in store.contacts("river-town")] == [("w1", True), ("w2", False)]
    engine = create_engine(url)
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        holding = [
            t for t in tables if any("网格长一" in str(row) for row in connection.execute(text(f"SELECT * FROM {t}")))
        ]
    engine.dispose()
    assert holding == ["contact"]


def test_the_journal_is_safe_with_several_connections(store, url, plan_id):
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "delete"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
