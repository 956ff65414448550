import numpy as np
import pandas as pd
import pytest

from examples.make.apportion import largest_remainder, scatter
from examples.make.residents import GROUPS, model_residents


@pytest.fixture
def dwellings():
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"room3": rng.integers(0, 90, 40), "room4": rng.integers(1, 90, 40)})
    table["households"] = table["room3"] + table["room4"]
    table["rental"] = table["room3"] // 3
    table["shops"] = rng.random(40) < 0.3
    table["subzone"] = np.where(np.arange(40) < 20, "north", "south")
    return table.rename_axis("block_id")


def model(dwellings, seed):
    return model_residents(
        dwellings,
        persons_per_dwelling={"room3": 2.26, "room4": 3.07},
        share_65=pd.Series({"north": 0.1, "south": 0.25}),
        share_0_14=pd.Series({"north": 0.18, "south": 0.12}),
        rng=np.random.default_rng(seed),
    )


def test_largest_remainder_keeps_the_total():
    assert largest_remainder(np.array([0.4, 1.4, 2.2])).tolist() == [1, 1, 2]
    assert largest_remainder(np.array([1.0, 1.0, 1.0]), total=7).sum() == 7


def test_scatter_never_exceeds_a_cap_and_places_what_fits():
    caps = np.array([1, 2, 50, 0])
    placed = scatter(20, np.array([9.0, 9.0, 1.0, 9.0]), caps=caps, rng=np.random.default_rng(0))
    assert (placed <= caps).all()
    assert placed.sum() == 20
    assert scatter(99, np.ones(4), caps=caps, rng=np.random.default_rng(0)).tolist() == caps.tolist()


def test_one_seed_models_one_population(dwellings):
    assert model(dwellings, 5).equals(model(dwellings, 5))
    assert not model(dwellings, 5).equals(model(dwellings, 6))


def test_residents_add_up_to_what_the_flat_types_expect(dwellings):
    expected = round((dwellings["room3"] * 2.26 + dwellings["room4"] * 3.07).sum())
    assert model(dwellings, 5)["residents"].sum() == expected


def test_nobody_changes_the_table_that_was_given(dwellings):
    before = dwellings.copy()
    model(dwellings, 5)
    assert dwellings.equals(before)


def test_low_income_lives_in_rental_flats_only(dwellings):
    counts = model(dwellings, 5)
    assert (counts["low_income"] + counts["extreme_poverty"] <= dwellings["rental"]).all()
    assert (counts["business_premises"][~dwellings["shops"]] == 0).all()
    assert list(counts.columns) == ["residents", *GROUPS]
