"""A small bank: applications, loans elsewhere, payments on them, and branches; seeded, with known traps.

=================  ======================================================================================
table              what is awkward
=================  ======================================================================================
``applications``   one row per applicant; some have no loan elsewhere; a gap in the branch
``bureau``         0 to 5 loans per applicant, some of applicants who never applied; gaps in amounts
``payments``       many per loan and month; the key of a row is loan and month together
``branches``       one row per branch; its code is text with leading zeros
=================  ======================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlp_core.table import Table


@dataclass(frozen=True)
class Bank:
    """The tables of the bank."""

    applications: Table
    bureau: Table
    payments: Table
    branches: Table


def bank(rows: int = 300, seed: int = 5) -> Bank:
    """Return the tables of a bank with so many applications."""
    generator = np.random.default_rng(seed)
    applicants = 100_000 + generator.permutation(rows)
    codes = np.array([f"{code:03d}" for code in range(1, 13)])
    branch = pd.Series(generator.choice(codes, rows), dtype="str")
    loans = generator.integers(0, 6, rows)
    owner = np.repeat(applicants, loans)
    owner = np.concatenate([owner, 900_000 + np.arange(rows // 20)])
    debt = np.round(generator.gamma(2.0, 1000.0, len(owner)), 2)
    overdue = generator.integers(0, 90, len(owner))
    bureau = pd.DataFrame(
        {
            "sk_id_curr": owner,
            "SK_ID_BUREAU": 5_000_000 + generator.permutation(len(owner)),
            "active": pd.Series(generator.choice(["Active", "Closed", "Sold"], len(owner)), dtype="str"),
            "debt": debt,
            "days_overdue": overdue,
            "opened": pd.Timestamp("2015-01-01")
            + pd.to_timedelta(generator.integers(0, 3000, len(owner)), "D"),
        }
    )
    bureau.loc[::11, "debt"] = np.nan
    # Whoever owes much late pays back seldom: the answer lies in the other table.
    late = bureau.groupby("sk_id_curr")["days_overdue"].mean().reindex(applicants).fillna(20).to_numpy()
    risk = 1 / (1 + np.exp(-(late - 45) / 6))
    applications = pd.DataFrame(
        {
            "SK_ID_CURR": applicants,
            "default": pd.Series(np.where(generator.random(rows) < risk, "yes", "no"), dtype="str"),
            "amount": np.round(generator.normal(20_000, 6_000, rows), 2),
            "purpose": pd.Series(generator.choice(["car", "house", "other"], rows), dtype="str"),
            "branch": branch,
        }
    )
    applications.loc[3, "branch"] = None
    months = np.tile(np.arange(-3, 0), len(owner))
    payments = pd.DataFrame(
        {
            "SK_ID_BUREAU": np.repeat(bureau["SK_ID_BUREAU"].to_numpy(), 3),
            "MONTHS_BALANCE": months,
            "paid": np.round(generator.gamma(2.0, 50.0, len(months)), 2),
        }
    )
    branches = pd.DataFrame(
        {
            "code": pd.Series(codes, dtype="str"),
            "region": pd.Series(generator.choice(["north", "south"], len(codes)), dtype="str"),
            "staff": generator.integers(3, 40, len(codes)),
        }
    )
    return Bank(
        applications=Table.of(applications, name="applications.csv"),
        bureau=Table.of(bureau, name="bureau.csv"),
        payments=Table.of(payments, name="payments.csv"),
        branches=Table.of(branches, name="branches.csv"),
    )
