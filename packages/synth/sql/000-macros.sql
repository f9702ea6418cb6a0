-- Everything drawn comes from these. `u(key, i)` is uniform in [0, 1): the i-th draw of a key. `row_key` gives the key of
-- the r-th row of a stream; streams (numbered like the files) are independent of one another.
CREATE TEMP MACRO row_key(k, stream, r) AS hash(xor(hash(xor(k, stream::UBIGINT)), r::UBIGINT));
CREATE TEMP MACRO u(k, i) AS (hash(xor(k, i::UBIGINT)) >> 11)::DOUBLE * 1.1102230246251565e-16;
CREATE TEMP MACRO normal(k, i) AS sqrt(-2 * ln(u(k, i) + 1e-16)) * cos(6.283185307179586 * u(k, i + 1));
CREATE TEMP MACRO drawn(list, k, i) AS list[1 + floor(u(k, i) * len(list))::INTEGER];
CREATE TEMP MACRO first_day() AS DATE '2017-01-01';
CREATE TEMP MACRO last_day() AS DATE '2026-03-31';
-- A day of winter: bends the day of the year towards 19 January by at most so many days (towards July when negative). Bent by 38
-- days, a day of January is almost five times as common as one of July; by 2 days, 1.07 times.
CREATE TEMP MACRO bent(day, bend) AS date_trunc('year', day)::DATE
  + floor((dayofyear(day) - 1) - bend * sin(6.283185307179586 * (dayofyear(day) - 19) / 365.25))::INTEGER;
-- Surgeries mostly open from Monday to Friday.
CREATE TEMP MACRO weekday(day, x) AS
  CASE WHEN x < 0.06 THEN day WHEN dayofweek(day) = 6 THEN day - 1 WHEN dayofweek(day) = 0 THEN day + 1 ELSE day END;
CREATE TEMP MACRO seasonal_day(k, from_day, to_day, bend) AS greatest(from_day, least(to_day,
  weekday(bent(to_day - floor(power(u(k, 1), 1.1) * (to_day - from_day + 1))::INTEGER, bend), u(k, 2))));
-- A quarter of the consultations are about an illness of winter. `k` is the consultation's key: see 020.
CREATE TEMP MACRO is_illness(k) AS u(k, 4) < 0.25;
-- The day of a consultation: one in fourteen tells of something from before the records began.
CREATE TEMP MACRO consultation_day(k, born, from_day, to_day) AS CASE
  WHEN u(k, 3) < 0.07 THEN born + floor(u(k, 1) * (to_day - born))::INTEGER
  ELSE seasonal_day(k, from_day, to_day, CASE WHEN is_illness(k) THEN 38 ELSE 2 END) END;
-- Long-term conditions are numbered from 0: see conditions(). A key for a person and a condition, the day on which it was first
-- recorded, the day on which it was recorded as over, and the slot of the code that this person's practice uses for it.
CREATE TEMP MACRO condition_key(k, i) AS row_key(k, 24, i);
CREATE TEMP MACRO onset_day(k, i, born, to_day) AS
  born + floor((0.3 + 0.6 * u(condition_key(k, i), 2)) * (to_day - born))::INTEGER;
CREATE TEMP MACRO over_day(k, i, born, to_day) AS onset_day(k, i, born, to_day) + 1
  + floor(u(condition_key(k, i), 3) * (to_day - onset_day(k, i, born, to_day) - 1))::INTEGER;
CREATE TEMP MACRO condition_slot(k, i) AS 131072 + 8192 * i + floor(4096 * u(condition_key(k, i), 4))::BIGINT;
-- A day of hospital care between two days, later of a lower bound; NULL when the person's time ended before it.
CREATE TEMP MACRO hospital_day(k, low, from_day, to_day) AS CASE WHEN to_day >= low THEN
  greatest(low, from_day) + floor(u(k, 1) * (to_day - greatest(low, from_day) + 1))::INTEGER END;
-- What people die of, the commoner the earlier in the list.
CREATE TEMP MACRO cause_of_death(x) AS ['I259', 'F03', 'G309', 'C349', 'J449', 'J189', 'I64', 'I219', 'C189', 'C61', 'U071',
  'C509', 'C259', 'I509', 'N390', 'K746', 'A419', 'I48', 'E149', 'G20', 'C159', 'J841', 'W19', 'X599', 'N189', 'C679', 'R54',
  'I10', 'J459', 'K703'][1 + floor(x * x * 30)::INTEGER];
