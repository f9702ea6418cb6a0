-- Everything drawn comes from these. `u(key, i)` is uniform in [0, 1): the i-th draw of a key. `row_key` gives the key of
-- the r-th row of a stream; streams (numbered like the files) are independent of one another.
CREATE TEMP MACRO row_key(k, stream, r) AS hash(xor(hash(xor(k, stream::UBIGINT)), r::UBIGINT));
CREATE TEMP MACRO u(k, i) AS (hash(xor(k, i::UBIGINT)) >> 11)::DOUBLE * 1.1102230246251565e-16;
CREATE TEMP MACRO normal(k, i) AS sqrt(-2 * ln(u(k, i) + 1e-16)) * cos(6.283185307179586 * u(k, i + 1));
CREATE TEMP MACRO drawn(list, k, i) AS list[1 + floor(u(k, i) * len(list))::INTEGER];
CREATE TEMP MACRO first_day() AS DATE '2017-01-01';
CREATE TEMP MACRO last_day() AS DATE '2026-03-31';
-- A winter-heavy day: bends the day of the year towards January, density 4/3 at its peak and 4/5 in July.
CREATE TEMP MACRO winter(day) AS date_trunc('year', day)::DATE
  + floor((dayofyear(day) - 1) - 14.5 * sin(6.283185307179586 * (dayofyear(day) - 1) / 365.25))::INTEGER;
-- Surgeries mostly open from Monday to Friday.
CREATE TEMP MACRO weekday(day, x) AS
  CASE WHEN x < 0.06 THEN day WHEN dayofweek(day) = 6 THEN day - 1 WHEN dayofweek(day) = 0 THEN day + 1 ELSE day END;
CREATE TEMP MACRO seasonal_day(k, from_day, to_day) AS greatest(from_day, least(to_day,
  weekday(winter(to_day - floor(power(u(k, 1), 1.1) * (to_day - from_day + 1))::INTEGER), u(k, 2))));
-- The day of a consultation: one in fourteen tells of something from before the records began.
CREATE TEMP MACRO consultation_day(k, born, from_day, to_day) AS CASE
  WHEN u(k, 3) < 0.07 THEN born + floor(u(k, 1) * (to_day - born))::INTEGER ELSE seasonal_day(k, from_day, to_day) END;
-- A day of hospital care between two days, later of a lower bound; NULL when the person's time ended before it.
CREATE TEMP MACRO hospital_day(k, low, from_day, to_day) AS CASE WHEN to_day >= low THEN
  greatest(low, from_day) + floor(u(k, 1) * (to_day - greatest(low, from_day) + 1))::INTEGER END;
-- What people die of, the commoner the earlier in the list.
CREATE TEMP MACRO cause_of_death(x) AS ['I259', 'F03', 'G309', 'C349', 'J449', 'J189', 'I64', 'I219', 'C189', 'C61', 'U071',
  'C509', 'C259', 'I509', 'N390', 'K746', 'A419', 'I48', 'E149', 'G20', 'C159', 'J841', 'W19', 'X599', 'N189', 'C679', 'R54',
  'I10', 'J459', 'K703'][1 + floor(x * x * 30)::INTEGER];
