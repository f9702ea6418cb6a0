"""One line for each status and way of dating: how many appointments, and whether winter differs from the other weeks.

Reads    output/appointments/app_measures.csv, whose small numbers are suppressed and whose others are rounded
Writes   output/appointments/app_summary.csv

The weeks of December to February are set against the other weeks by the Mann-Whitney test, which needs no assumption
about how weekly counts vary. With sixty lines some differ by chance: the last column corrects for that by the
Benjamini-Hochberg method.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

INPUT = Path("output/appointments/app_measures.csv")
OUTPUT = Path("output/appointments/app_summary.csv")
WINTER_MONTHS = [12, 1, 2]
FEWEST_WEEKS = 3
COLUMNS = [
    "dated_by",
    "status",
    "weeks",
    "appointments",
    "percent_of_dated",
    "rate_winter",
    "rate_other",
    "ratio",
    "p_value",
    "p_adjusted",
]


def read_measures():
    table = pd.read_csv(INPUT)
    names = table["measure"].astype(str).str.split("__", n=1, expand=True).reindex(columns=[0, 1])
    table["dated_by"] = names[0]
    table["status"] = names[1].astype(str).str.replace("_", " ")
    # A week in which the number of patients was suppressed has no rate.
    table["rate"] = 1000 * table["numerator"] / table["denominator"].where(table["denominator"] > 0)
    table["winter"] = pd.to_datetime(table["interval_start"]).dt.month.isin(WINTER_MONTHS)
    return table


def compare(rows):
    winter = rows.loc[rows["winter"], "rate"].dropna()
    other = rows.loc[~rows["winter"], "rate"].dropna()
    testable = min(len(winter), len(other)) >= FEWEST_WEEKS and pd.concat([winter, other]).nunique() > 1
    return pd.Series(
        {
            "weeks": len(rows),
            "appointments": int(rows["numerator"].sum()),
            "rate_winter": winter.mean(),
            "rate_other": other.mean(),
            "ratio": winter.mean() / other.mean() if other.mean() > 0 else np.nan,
            "p_value": stats.mannwhitneyu(winter, other).pvalue if testable else np.nan,
        }
    )


def benjamini_hochberg(p_values):
    """The same p-values, corrected for how many there are; lines without a test stay without."""
    known = p_values.dropna().sort_values(ascending=False)
    ranks = np.arange(len(known), 0, -1)
    adjusted = (known * len(known) / ranks).cummin().clip(upper=1)
    return adjusted.reindex(p_values.index)


def summarise(table):
    if table.empty:
        return pd.DataFrame(columns=COLUMNS)
    summary = pd.DataFrame(
        [{"dated_by": key[0], "status": key[1], **compare(rows)} for key, rows in table.groupby(["dated_by", "status"])]
    )
    of_all = summary.groupby("dated_by")["appointments"].transform("sum")
    summary["percent_of_dated"] = (100 * summary["appointments"] / of_all.where(of_all > 0)).round(2)
    summary["p_adjusted"] = benjamini_hochberg(summary["p_value"])
    summary[["weeks", "appointments"]] = summary[["weeks", "appointments"]].astype(int)
    for column in ["rate_winter", "rate_other", "ratio"]:
        summary[column] = summary[column].round(3)
    for column in ["p_value", "p_adjusted"]:
        summary[column] = summary[column].map(lambda p: "" if pd.isna(p) else f"{p:.3g}")
    return summary[COLUMNS].sort_values(["dated_by", "appointments"], ascending=[True, False])


def main():
    summary = summarise(read_measures())
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    summary.to_csv(OUTPUT, index=False)
    print(f"{OUTPUT}: {len(summary)} rows")


if __name__ == "__main__":
    main()
