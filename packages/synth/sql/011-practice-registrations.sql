-- One to five registrations a person, in order, with gaps. Each starts somewhere in its share of the person's life and ends
-- where the next one starts, or up to four months before.
CREATE TABLE practice_registrations AS
WITH counted AS (
  SELECT *, row_key(k, 11, 0) AS rk, 1 + least(4, floor(ln(u(rk, 1)) / ln(0.45)))::BIGINT AS n,
    CASE WHEN u(rk, 2) < 0.15 THEN born + floor(u(rk, 3) * (to_day - born) * 0.8)::INTEGER ELSE born END AS arrived,
    to_day - arrived AS span
  FROM person
), expanded AS (
  SELECT *, unnest(range(n)) AS j FROM counted
), dated AS (
  SELECT *, row_key(rk, 1, j) AS jk,
    arrived + floor(span * CASE WHEN j = 0 THEN 0 ELSE (j + 0.8 * u(row_key(rk, 1, j), 1)) / n END)::INTEGER AS start_date,
    arrived + floor(span * (j + 1 + 0.8 * u(row_key(rk, 1, j + 1), 1)) / n)::INTEGER AS next_start
  FROM expanded
), placed AS (
  SELECT patient_id, start_date,
    CASE
      WHEN j < n - 1 THEN
        greatest(start_date, next_start - CASE WHEN u(jk, 2) < 0.2 THEN floor(u(jk, 3) * 120)::INTEGER ELSE 1 END)
      WHEN died IS NOT NULL THEN least(last_day(), died + floor(u(jk, 3) * 20)::INTEGER)
      WHEN u(jk, 2) < 0.04 THEN start_date + floor(u(jk, 3) * (last_day() - start_date))::INTEGER
    END AS end_date,
    (home_slot + CASE WHEN j = n - 1 THEN 0 WHEN u(jk, 4) < 0.7 THEN floor(u(jk, 5) * 2500) ELSE floor(u(jk, 5) * 65536) END
    )::BIGINT % 65536 AS slot
  FROM dated
)
SELECT patient_id, start_date, end_date, practice_pseudo_id, practice_stp, practice_nuts1_region_name,
  practice_systmone_go_live_date
FROM placed JOIN practice_draw USING (slot);
