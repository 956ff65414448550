"""Synthetic workers, their duty contacts and a rule-made present plan. No real person is meant."""

import re

import numpy as np
import pandas as pd

LEAD_ROLES = ("grid_leader", "grid_worker")
SKILLS = ("eldercare", "childcare", "first_aid", "mediation", "fire_safety", "data_entry")
HOME_JITTER_M = 80.0  # a worker's place is scattered round a block, never a real address


def present_plan(
    blocks: pd.DataFrame, *, households_target: int, order: list[str], id_name: str = "unit_id"
) -> pd.Series:
    """Cut each community's blocks, in list order, into runs of about the target.

    Parameters
    ----------
    blocks
        Index = unit or household id; columns `community_id`, `households` and those in `order`.
    households_target
        Households a run aims at.
    order
        Columns to sort by inside a community; text sorts by its numbers.
    id_name
        Name of the result's index.

    Returns
    -------
    pandas.Series
        `grid_id` by unit: community id and a 3-digit sequence.
    """
    runs = [
        _runs(rows, str(community), households_target, order)
        for community, rows in blocks.groupby("community_id", sort=True)
    ]
    return pd.concat(runs).rename("grid_id").rename_axis(id_name).sort_index()


def _runs(rows: pd.DataFrame, community: str, households_target: int, order: list[str]) -> pd.Series:
    """Number the runs of one community's list."""
    keys = {block: [_natural(text) for text in row] for block, *row in rows[order].itertuples()}
    listed = rows.loc[sorted(rows.index, key=lambda block: (keys[block], block)), "households"]
    grids = max(1, round(listed.sum() / households_target))
    middle = listed.cumsum() - listed / 2
    run = np.minimum((middle / listed.sum() * grids).astype(int), grids - 1)
    return pd.Series(pd.factorize(run)[0] + 1, index=listed.index).map(lambda at: f"{community}{at:03d}")


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Split a street or block number so that 9 sorts before 10A."""
    parts = re.findall(r"\d+|\D+", str(text))
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


def roster(
    places: pd.DataFrame,
    *,
    leads: int,
    others: int,
    languages: tuple[str, ...],
    part_time_share: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Make a synthetic roster that lives among the blocks.

    Parameters
    ----------
    places
        Index = block id; columns `community_id`, `households`, `x_m`, `y_m` (projected metres).
    leads
        Grid workers and leaders together; each community's first one is its leader.
    others
        Volunteers and advisers.
    languages
        Service languages, the commonest first.
    part_time_share
        Share of the leads who work half of the time.
    rng
        Source of randomness.

    Returns
    -------
    pandas.DataFrame
        One row a worker: the contract's `workers` columns, with `x_m`, `y_m` in place of x, y.
    """
    count = leads + others
    picks = rng.choice(len(places), size=count, p=places["households"] / places["households"].sum())
    homes = places.iloc[np.sort(picks[:leads])]
    homes = pd.concat([homes.sort_values("community_id", kind="stable"), places.iloc[picks[leads:]]])
    first = ~homes["community_id"].duplicated().to_numpy()
    part_time = rng.random(count) < part_time_share
    is_lead = np.arange(count) < leads
    role = np.where(is_lead, np.where(first, "grid_leader", "grid_worker"), "volunteer")
    role[count - max(1, others // 4) :] = "adviser"
    fte = np.where(is_lead, np.where(part_time & ~first, 0.5, 1.0), 0.1)
    contract = np.where(is_lead, np.where(fte < 1, "part_time", "full_time"), "unpaid")
    speaks = rng.random((count, len(languages))) < np.linspace(0.95, 0.15, len(languages))
    speaks[~speaks.any(axis=1), 0] = True
    skilled = rng.random((count, len(SKILLS))) < 0.3
    return pd.DataFrame(
        {
            "worker_id": [f"W{number:03d}" for number in range(1, count + 1)],
            "role": role,
            "contract": contract,
            "fte": fte,
            "skills": [_joined(SKILLS, row) for row in skilled],
            "languages": [_joined(languages, row) for row in speaks],
            "qualification": np.where(rng.random(count) < 0.35, "social_worker_junior", ""),
            "community_id": homes["community_id"].to_numpy(),
            "x_m": homes["x_m"].to_numpy() + rng.normal(0, HOME_JITTER_M, count),
            "y_m": homes["y_m"].to_numpy() + rng.normal(0, HOME_JITTER_M, count),
        }
    )


def _joined(names: tuple[str, ...], chosen: np.ndarray) -> str:
    return ";".join(name for name, yes in zip(names, chosen, strict=True) if yes)


def post_now(workers: pd.DataFrame, present: pd.Series) -> pd.Series:
    """Give each community's leads its present grids in order; who is left over has none.

    Parameters
    ----------
    workers
        Columns `role`, `community_id`.
    present
        Present grid by unit, community id and a 3-digit sequence.

    Returns
    -------
    pandas.Series
        `grid_id` on the workers' index, empty text for none.
    """
    grids = pd.Series(sorted(present.unique()))
    grids = grids.groupby(grids.str[:-3]).agg(list).to_dict()
    leads = workers[workers["role"].isin(LEAD_ROLES)]
    turn = leads.groupby("community_id").cumcount()
    held = [
        grids[community][at] if at < len(grids[community]) else ""
        for community, at in zip(leads["community_id"], turn, strict=True)
    ]
    return pd.Series(held, index=leads.index).reindex(workers.index, fill_value="").rename("grid_id")


def duty_contacts(workers: pd.DataFrame) -> pd.DataFrame:
    """Give each lead an obviously fictitious duty contact, four in five of them public."""
    leads = workers[workers["role"].isin(LEAD_ROLES)]
    number = leads["worker_id"].str[1:]
    title = leads["role"].map({"grid_leader": "网格长", "grid_worker": "网格员"})
    return pd.DataFrame(
        {
            "worker_id": leads["worker_id"],
            "display_name": title + " " + number,
            "duty_phone": "0000-0" + number,
            "public": np.where(number.astype(int) % 5 == 0, "no", "yes"),
        }
    )
