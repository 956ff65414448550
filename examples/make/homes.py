"""People behind the doors of a synthetic town: residents and care groups a door, all synthetic."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from examples.make.town import Community

GROUP_RATES = {
    # share of homes; from the worked example of the workload table unless marked [A]
    "elder_80_alone": 6 / 400,
    "elder_special": 20 / 400,
    "child_at_risk": 0.010,  # [A]
    "disabled_severe": 6 / 400,
    "low_income": 6 / 400,
    "extreme_poverty": 0.004,  # [A]
    "floating_household": 60 / 400,
}
PERSON_GROUPS = ("elder_80_alone", "elder_special", "child_at_risk", "disabled_severe")
PREMISES_PER_SHOP = 3.0  # [A]


@dataclass(frozen=True, kw_only=True)
class People:
    """Mean persons a household and the rates of the care groups."""

    persons_per_household: float = 2.62  # China 2020; 2.75 in Haibei, the pastoral prefecture nearby


def doors(community: Community, building_ids: pd.Series, *, people: People, rng: np.random.Generator) -> pd.DataFrame:
    """Make one row an entrance with its households, residents and care groups.

    Parameters
    ----------
    community
        What was built.
    building_ids
        Id by row of `community.buildings`.
    people
        Persons a household.
    rng
        Source of randomness.

    Returns
    -------
    pandas.DataFrame
        household_id (building id and two digits), building_id, entrance, compound, households,
        residents, care groups; buildings without homes have one row with 0 households.
    """
    built = community.buildings
    row = np.repeat(np.arange(len(built)), built["entrances"])
    number = np.arange(len(row)) - np.searchsorted(row, row) + 1
    building = building_ids.to_numpy()[row]
    homes = built["homes"].to_numpy()[row]
    table = pd.DataFrame(
        {
            "household_id": [f"{one}{at:02d}" for one, at in zip(building, number, strict=True)],
            "building_id": building,
            "entrance": [f"{at}单元" for at in number],
            "compound": community.parcels["compound"].to_numpy()[built["parcel"].to_numpy()[row]],
            "households": homes,
        }
    )
    shops = built["kind"].to_numpy()[row] == "shop"
    return pd.concat([table, groups(homes, shops, people=people, rng=rng)], axis=1)


def groups(households: np.ndarray, shops: np.ndarray, *, people: People, rng: np.random.Generator) -> pd.DataFrame:
    """Draw residents and care groups a row; persons never exceed residents.

    Parameters
    ----------
    households
        Homes a row.
    shops
        Which rows are shops.
    people
        Persons a household.
    rng
        Source of randomness.
    """
    residents = households + rng.poisson((people.persons_per_household - 1) * households)
    table = pd.DataFrame({"residents": residents})
    persons_left, homes_left = residents.copy(), households.copy()
    for name, rate in GROUP_RATES.items():
        room = persons_left if name in PERSON_GROUPS else homes_left
        marked = np.minimum(rng.binomial(households, rate), room)
        room -= marked
        table[name] = marked
    table["business_premises"] = np.where(shops, 1 + rng.poisson(PREMISES_PER_SHOP - 1, len(shops)), 0)
    return table
