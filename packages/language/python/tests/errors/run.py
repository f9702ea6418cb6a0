"""Runs wrong definitions and prints what is said of each: JSON in (a list of {"kind", "source"}), JSON out (the errors).

Each one runs in a small study of its own, whose files are those below.
"""

import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

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


def main():
    answers = []
    for case in json.load(sys.stdin):
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            for name, content in {**FILES, "definition.py": case["source"]}.items():
                os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
                with open(name, "wb") as file:
                    file.write(content if isinstance(content, bytes) else content.encode())
            answer = json.loads(load("definition.py", [], case["kind"]))
            answers.append(None if answer["ok"] else answer["error"])
            os.chdir("/")
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
