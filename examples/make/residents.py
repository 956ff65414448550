"""Model residents and care-group counts of real dwellings from published marginals.

Everything this module returns is modelled: no open source counts persons a block. Each rate
below carries its source; `[A]` marks an assumption of ours.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from examples.make.apportion import largest_remainder, scatter

GROUPS = (
    "elder_80_alone",
    "elder_special",
    "child_at_risk",
    "disabled_severe",
    "low_income",
    "extreme_poverty",
    "floating_household",
    "business_premises",
)
NATIONAL_65_SHARE_2014 = 0.1115  # 431,340 of 3,868,920 residents by subzone, 2014
NATIONAL_65_SHARE_2020 = 0.152  # Census of Population 2020
# HDB 1-2 room / 3 room / 4 room / 5 room and executive, residents a dwelling, Singapore 2022
NATIONAL_PERSONS_PER_DWELLING = {"room12": 1.77, "room3": 2.26, "room4": 3.07, "room5": 3.39}


@dataclass(frozen=True, kw_only=True)
class CareRates:
    """Rates that turn ages and flat types into care groups; all shares of 1."""

    over_80_of_65_share: float = 0.19  # [A]
    alone_share: float = 0.16  # one-person households, Census 2020
    special_of_65_share: float = 0.08  # [A]
    child_at_risk_share: float = 0.003  # [A] of residents aged 0-14
    disabled_share: float = 0.025  # aged 5+, 2020, unverified
    severe_of_disabled_share: float = 0.25  # [A]
    low_income_of_rental_share: float = 0.40  # [A] of public-rental 1-2 room dwellings
    extreme_of_rental_share: float = 0.02  # [A]
    floating_share: float = 0.06  # [A] of dwellings that are not public rental
    premises_per_shop_block: float = 8.0  # [A] small premises in a block with shops
    rental_elder_weight: float = 2.0  # [A] an elder in a rental flat needs care twice as often
    size_sd: float = 1.5  # [A] standard deviation of household size, persons


def model_residents(
    dwellings: pd.DataFrame,
    *,
    persons_per_dwelling: dict[str, float],
    share_65: pd.Series,
    share_0_14: pd.Series,
    rng: np.random.Generator,
    rates: CareRates | None = None,
) -> pd.DataFrame:
    """Model residents and care groups a block.

    Parameters
    ----------
    dwellings
        Index = block id; columns `households`, `rental` (public-rental dwellings), `shops` (bool),
        `subzone`, and one column of dwellings for each key of `persons_per_dwelling`.
    persons_per_dwelling
        Residents a dwelling by flat type.
    share_65, share_0_14
        Share of residents aged 65+ and 0-14, index = subzone.
    rng
        Source of randomness; one seed gives one result.
    rates
        The care rates; left out: the documented ones.

    Returns
    -------
    pandas.DataFrame
        Index = block id; columns `residents` and `GROUPS`, integers. Person groups together never
        exceed residents; household groups never exceed households.
    """
    rates = rates or CareRates()
    residents = _residents(dwellings, persons_per_dwelling, rates, rng)
    share_old = dwellings["subzone"].map(share_65).to_numpy()
    share_young = dwellings["subzone"].map(share_0_14).to_numpy()
    households = dwellings["households"].to_numpy()
    rental = dwellings["rental"].to_numpy()
    rental_share = rental / np.maximum(households, 1)

    def drawn(expected: NDArray[np.float64], caps: NDArray[np.int64]) -> NDArray[np.int64]:
        return scatter(int(np.rint(expected.sum())), expected, caps=caps, rng=rng)

    elders = np.minimum(largest_remainder(residents * share_old), residents)
    children = np.minimum(largest_remainder(residents * share_young), residents - elders)
    care_weight = 1 + (rates.rental_elder_weight - 1) * rental_share
    out = pd.DataFrame({"residents": residents}, index=dwellings.index)
    alone = drawn(
        elders * rates.over_80_of_65_share * rates.alone_share * care_weight, np.minimum(elders, households)
    )
    out["elder_80_alone"] = alone
    out["elder_special"] = drawn(elders * rates.special_of_65_share * care_weight, elders - alone)
    out["child_at_risk"] = drawn(children * rates.child_at_risk_share, children)
    out["disabled_severe"] = drawn(
        (residents - elders - children) * rates.disabled_share * rates.severe_of_disabled_share,
        residents - elders - children,
    )
    low = drawn(rental * rates.low_income_of_rental_share, rental)
    out["low_income"] = low
    out["extreme_poverty"] = drawn(rental * rates.extreme_of_rental_share, rental - low)
    owned = households - rental
    out["floating_household"] = drawn(owned * rates.floating_share, owned)
    shops = dwellings["shops"].to_numpy()
    out["business_premises"] = np.where(shops, rng.poisson(rates.premises_per_shop_block, len(shops)), 0)
    return out[["residents", *GROUPS]].astype(np.int64)


def _residents(
    dwellings: pd.DataFrame,
    persons_per_dwelling: dict[str, float],
    rates: CareRates,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Draw residents a block round what its flat types expect, total kept."""
    kinds = list(persons_per_dwelling)
    per_type = np.array([persons_per_dwelling[kind] for kind in kinds])
    expected = dwellings[kinds].to_numpy(dtype=np.float64) @ per_type
    households = dwellings["households"].to_numpy()
    noisy = expected + rng.normal(0.0, rates.size_sd, len(expected)) * np.sqrt(households)
    noisy = np.maximum(noisy, households)  # nobody keeps an empty dwelling here
    return largest_remainder(noisy, total=int(np.rint(expected.sum())))
