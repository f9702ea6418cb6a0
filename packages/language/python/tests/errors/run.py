"""Runs wrong definitions and prints what is said of each, one line of JSON after another. A definition itself, so that it runs
in the Python that studies get; `mistakes.json` beside it is a list of {"kind", "source"}.

Each mistake runs in a small study of its own, in the memory of this Python, whose files are those below.
"""

import json
import os
import re

import ehrql._confinement
from ehrql._loader import load

FILES = {
    "codelists/asthma.csv": "code,term\n195967001,Asthma\n",
    "codelists/ethnicity.csv": "Code,Description,Grouping_6\n195967001,x,1\n",
    "codelists/mixed.csv": "code\n195967001\nH33..\n",
    "codelists/empty.csv": "",
    "codelists/spreadsheet.csv": b"\xff\xfe\x00",
    "output/cohort.csv": "patient_id,index_date\n1,2022-01-31\n",
    "output/empty.csv": "",
    "output/rows.arrow": "not arrow",
    "output/dates.json": "{",
    "helpers.py": "from ehrql.tables.core import patients\n\ndef is_adult(day):\n    return patients.age_on(day) >= 18\n",
}

with open("mistakes.json") as file:
    mistakes = json.load(file)
# Only to make the small studies: what runs in them is confined again.
for number, mistake in enumerate(mistakes):
    ehrql._confinement._is_on = False
    folder = f"/tmp/studies/{number}"
    # A line `@@ name` begins another file of the study.
    source, *others = re.split(r"^@@ ", mistake["source"], flags=re.MULTILINE)
    more = {name: content for name, _, content in (other.partition("\n") for other in others)}
    for name, content in {**FILES, **more, "definition.py": source}.items():
        path = f"{folder}/{name}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
    os.chdir(folder)
    ehrql._confinement._is_on = True
    answer = json.loads(load("definition.py", [], mistake["kind"]))
    # On a line of its own, whatever the mistake printed.
    print("\n@@" + json.dumps(None if answer["ok"] else answer["error"]))
os.chdir("/workspace")
