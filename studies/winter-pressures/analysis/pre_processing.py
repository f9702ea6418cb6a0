"""Sums up the measures so that they can be looked at.

Reads    output/patient_measures/patient_measures.csv.gz     one week, broken down by every characteristic at once
         output/practice_measures/practice_measures.csv.gz   twelve weeks, by practice
Writes   the three files given as --output, recognised by their names:
         processed_patient_measures.csv.gz    each measure by each characteristic on its own, with its rate, the exact
                                              95% interval of that rate, and a test of whether the rates differ
         processed_practice_measures.csv.gz   each measure by practice and week, with the season and the rate
         frequency_table.csv                  how many patients have each characteristic; numbers of seven or fewer
                                              are suppressed and the others rounded to the nearest five

The patient file has millions of lines, so it is read in pieces and never held whole.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

PATIENT_MEASURES = "output/patient_measures/patient_measures.csv.gz"
PRACTICE_MEASURES = "output/practice_measures/practice_measures.csv.gz"

MEASURE_COLUMNS = ["measure", "interval_start", "interval_end", "ratio", "numerator", "denominator"]
LINES_AT_A_TIME = 500_000
SUPPRESS_UP_TO = 7
ROUND_TO = 5
PER = 1000


def read_arguments():
    parser = argparse.ArgumentParser(description="Sum up the measures.")
    parser.add_argument("--output", action="append", required=True, help="a file to write; repeat for each")
    return {Path(path).name.split(".")[0]: Path(path) for path in parser.parse_args().output}


def group_columns(path):
    return [name for name in pd.read_csv(path, nrows=0).columns if name not in MEASURE_COLUMNS]


def pieces(path, groups):
    """The lines of a measures file, some at a time, with the groups kept as text: T and F stay T and F."""
    return pd.read_csv(
        path,
        chunksize=LINES_AT_A_TIME,
        usecols=["measure", "numerator", "denominator", *groups],
        dtype={"measure": "category", "numerator": "int64", "denominator": "int64"}
        | {name: "category" for name in groups},
        keep_default_na=False,
    )


def sum_by_each_group(path):
    """Numerators and denominators by measure and by each group on its own."""
    groups = group_columns(path)
    parts = []
    for piece in pieces(path, groups):
        for group in groups:
            sums = piece.groupby(["measure", group], observed=True)[["numerator", "denominator"]].sum().reset_index()
            sums = sums.rename(columns={group: "level"}).astype({"measure": str, "level": str})
            parts.append(sums.assign(group=group))
    if not parts:
        return pd.DataFrame(columns=["measure", "group", "level", "numerator", "denominator"])
    together = pd.concat(parts, ignore_index=True)
    return together.groupby(["measure", "group", "level"], as_index=False)[["numerator", "denominator"]].sum()


def add_rates(table):
    """The rate and its exact Poisson interval, per thousand patients."""
    count = table["numerator"].to_numpy(dtype=float)
    people = table["denominator"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = np.where(count > 0, stats.chi2.ppf(0.025, 2 * count) / 2, 0)
        upper = stats.chi2.ppf(0.975, 2 * (count + 1)) / 2
        return table.assign(
            rate=np.where(people > 0, PER * count / people, np.nan).round(3),
            rate_lower=np.where(people > 0, PER * lower / people, np.nan).round(3),
            rate_upper=np.where(people > 0, PER * upper / people, np.nan).round(3),
        )


def heterogeneity(rows):
    """The chance of rates this different if all levels shared one: a chi-squared test of the counts expected from it."""
    rows = rows[rows["denominator"] > 0]
    total = rows["numerator"].sum()
    if len(rows) < 2 or total == 0:
        return np.nan
    expected = total * rows["denominator"] / rows["denominator"].sum()
    statistic = ((rows["numerator"] - expected) ** 2 / expected).sum()
    return float(f"{stats.chi2.sf(statistic, len(rows) - 1):.3g}")


def process_patient_measures(sums):
    table = add_rates(sums)
    if table.empty:
        return table.assign(p_heterogeneity=[])
    p_values = pd.DataFrame(
        [(*key, heterogeneity(rows)) for key, rows in table.groupby(["measure", "group"])],
        columns=["measure", "group", "p_heterogeneity"],
    )
    return table.merge(p_values, on=["measure", "group"])


def suppress(counts):
    """Seven or fewer becomes nothing; the rest go to the nearest five."""
    return (ROUND_TO * (counts / ROUND_TO).round()).where(counts > SUPPRESS_UP_TO).astype("Int64")


def frequency_table(sums):
    """Every measure has the same patients, so that one of them counts the patients."""
    if sums.empty:
        return pd.DataFrame(columns=["group", "level", "patients", "percent"])
    one = sums[sums["measure"] == sums["measure"].iloc[0]].sort_values(["group", "level"])
    patients = suppress(one["denominator"])
    total = patients.groupby(one["group"]).transform("sum").astype(float)
    percent = (100 * patients.astype(float) / total.where(total > 0)).round(1)
    return pd.DataFrame({"group": one["group"], "level": one["level"], "patients": patients, "percent": percent})


def process_practice_measures(path):
    table = pd.read_csv(path, dtype={"practice": str, "region": str}, keep_default_na=False, na_values={"ratio": [""]})
    month = pd.to_datetime(table["interval_start"]).dt.month
    table["season"] = np.where(month.isin([12, 1, 2]), "winter", "summer")
    table["region"] = table["region"].replace("", "unknown")
    table = add_rates(table)
    columns = ["measure", "season", "interval_start", "practice", "region", "numerator", "denominator", "rate"]
    return table[columns].sort_values(["measure", "interval_start", "practice"])


def write(table, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False)
    print(f"{path}: {len(table)} rows")


def main():
    outputs = read_arguments()
    sums = sum_by_each_group(PATIENT_MEASURES)
    tables = {
        "processed_patient_measures": lambda: process_patient_measures(sums),
        "frequency_table": lambda: frequency_table(sums),
        "processed_practice_measures": lambda: process_practice_measures(PRACTICE_MEASURES),
    }
    unknown = set(outputs) - set(tables)
    if unknown:
        raise SystemExit(f"no table is called {', '.join(sorted(unknown))}; there are {', '.join(tables)}")
    for name, path in outputs.items():
        write(tables[name](), path)


if __name__ == "__main__":
    main()
