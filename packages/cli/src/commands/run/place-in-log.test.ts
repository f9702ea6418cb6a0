import { expect, it } from 'vitest';
import { placeInLog } from './place-in-log.js';

it.each<[string, string, string | undefined]>([
  [
    'a traceback of Python, past the frames of libraries',
    'Traceback (most recent call last):\n  File "/workspace/analysis/a.py", line 3, in <module>\n    f()\n  File "/workspace/lib/b.py", line 12, in f\n    json.loads("")\n  File "/usr/lib/python3.11/json/__init__.py", line 346, in loads\njson.decoder.JSONDecodeError: Expecting value',
    'lib/b.py, line 12',
  ],
  ['a mistake in the text of a Python script', '  File "/workspace/a.py", line 2\n    x = = 1', 'a.py, line 2'],
  [
    'R whose options ask for it',
    'Error in g(1) (from lib.R#3) : inside lib\nCalls: g\nExecution halted',
    'lib.R, line 3',
  ],
  [
    'a file that R can not read',
    'Error in source("lib.R") : lib.R:2:8: unexpected numeric constant\n1: x <- 1\n2: y <- 2 3\n          ^\nExecution halted',
    'lib.R, line 2',
  ],
  [
    'a traceback of R that its options ask for',
    'Error in log("a") : non-numeric argument\nCalls: g\n2: (function () \n   {\n       traceback(2)\n   })() at lib.R#3\n1: g(1)',
    'lib.R, line 3',
  ],
  ['a traceback of R', '3: stop("x") at analysis/lib.R#12\n2: f()\n1: g()', 'analysis/lib.R, line 12'],
  ['a traceback of rlang', ' 2. +-global f() at analysis/lib.R:12:3\nExecution halted', 'analysis/lib.R, line 12'],
  ['a document of knitr', 'Quitting from lines 12-15 [plot] (report.Rmd)\nError: x', 'report.Rmd, line 12'],
  ['a newer one', 'Quitting from report.Rmd:12-15 [plot] (report.Rmd)\nError: x', 'report.Rmd, line 12'],
  ['R as it usually is', 'Error in f(1) : bad thing\nExecution halted', undefined],
  ['what only looks like it', 'Done at 12:30\nlooked at the_table: 5 rows', undefined],
])('%s', (_, log, place) => expect(placeInLog(log.split('\n'))).toBe(place));
