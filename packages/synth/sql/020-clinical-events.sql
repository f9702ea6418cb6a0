-- Events come in consultations (about nine for twenty events). A person's first events record the long-term conditions that
-- the person lives with or had, and the end of those that are over; each has a consultation of its own (numbers from 4000).
-- In the others, illnesses of winter come in the consultations about them
-- (those that befall one's age), reviews repeat the conditions, and of the rest
-- more than half repeat what the person had before: a neighbour of one of four favourite slots, and neighbours in the draw
-- are codes of one list.
CREATE TABLE clinical_events AS
WITH affected AS (
  SELECT *, list_transform(list_filter(conditions(), c -> u(condition_key(k, c.i), 1) < frailty
      * (c.young * least(1.0, age / 20) + (c.old - c.young) * greatest(0.0, age - 20) * age / 4800) / 100), c -> c.i) AS ill
  FROM (SELECT *, 0.5 + u(k, 47) AS frailty FROM person)
), resolved AS (
  SELECT patient_id, k, born, from_day, to_day, n_events,
    CASE WHEN age > 1 THEN list_filter(ill, i -> u(condition_key(k, i), 5) >= 0.06 OR NOT conditions()[i + 1].can_end)
      [:n_events // 3] ELSE [] END AS ill,
    CASE WHEN age > 1 THEN list_filter(ill, i -> u(condition_key(k, i), 5) < 0.06 AND conditions()[i + 1].can_end)
      [:n_events // 3] ELSE [] END AS over
  FROM affected
), expanded AS (
  SELECT patient_id, k, born, from_day, to_day, unnest(range(n_events)) AS r, ill, over, len(ill) AS n_ill,
    len(over) AS n_over
  FROM resolved
), keyed AS (
  SELECT *, (r * 9) // 20 AS consultation, row_key(k, 20, r) AS rk,
    row_key(k, 21, (r * 9) // 20) AS ck,
    CASE
      WHEN r < n_ill THEN ill[r + 1]
      WHEN r < n_ill + n_over THEN over[r - n_ill + 1]
      WHEN r < n_ill + 2 * n_over THEN over[r - n_ill - n_over + 1]
    END AS condition,
    r >= n_ill + n_over AS is_end
  FROM expanded
), placed AS (
  SELECT patient_id, k, born, from_day, to_day, r, rk, ck, consultation, condition, is_end,
    CASE
      WHEN condition IS NOT NULL THEN condition_slot(k, condition) + CASE WHEN is_end THEN 4096 ELSE 0 END
      WHEN is_illness(ck) AND u(rk, 9) < 0.85
        THEN illness_slot(u(rk, 2), (consultation_day(ck, born, from_day, to_day) - born) / 365.25)
      WHEN n_ill > 0 AND u(rk, 9) < 0.3 THEN condition_slot(k, ill[1 + floor(u(rk, 2) * n_ill)::BIGINT])
      WHEN u(rk, 1) < 0.55 THEN 65536 +
        (floor(u(row_key(k, 22, floor(u(rk, 2) * 4)::BIGINT), 1) * 65536 + (u(rk, 3) - 0.5) * 300)::BIGINT + 65536) % 65536
      ELSE 65536 + floor(u(rk, 2) * 65536)::BIGINT
    END AS slot
  FROM keyed
)
SELECT patient_id,
  CASE WHEN u(rk, 4) < 0.999 THEN
    CASE
      WHEN condition IS NULL THEN consultation_day(ck, born, from_day, to_day)
      WHEN is_end THEN over_day(k, condition, born, to_day)
      ELSE onset_day(k, condition, born, to_day)
    END
  END AS date,
  CASE WHEN u(rk, 5) < 0.995 THEN snomedct_code END AS snomedct_code,
  CASE WHEN u(rk, 6) < 0.97 THEN ctv3_code END AS ctv3_code,
  CASE
    WHEN mean IS NOT NULL AND u(rk, 7) < 0.97 THEN round(greatest(low, mean + sd * normal(rk, 8)), 1)
    WHEN u(rk, 7) < 0.03 THEN 0.0
  END AS numeric_value,
  patient_id * 10000 + CASE WHEN condition IS NULL THEN consultation ELSE 4000 + r END AS consultation_id
FROM placed JOIN event_code_draw USING (slot);
