"""Counts patients by sex and asthma. Small counts are suppressed and the others rounded, as for anything to be released."""

from pathlib import Path

import pandas as pd

SMALL = 7
NEAREST = 5


def safe(count):
    return 0 if count <= SMALL else NEAREST * round(count / NEAREST)


dataset = pd.read_csv("output/dataset.csv.gz")
counts = dataset.groupby(["sex", "has_asthma"]).size().map(safe)
Path("output").mkdir(exist_ok=True)
counts.rename("patients").reset_index().to_csv("output/summary.csv", index=False)
