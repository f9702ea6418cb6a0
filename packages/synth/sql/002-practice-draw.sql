-- Which practice a slot (0 to 65535) belongs to. Practice sizes follow a power law; neighbouring slots are neighbouring
-- practices, so a person who moves a little stays in a region.
CREATE TEMP TABLE practice_draw AS
WITH practice AS (
  SELECT i::BIGINT AS i, row_key(seed_key(), 2, i) AS k, (1e6 / sqrt(i + 1.0))::BIGINT AS size
  FROM range(practices()) AS t(i)
), placed AS (
  SELECT *, u(k, 1) AS r,
    CASE
      WHEN r < 0.05 THEN 1 WHEN r < 0.13 THEN 2 WHEN r < 0.28 THEN 3 WHEN r < 0.45 THEN 4 WHEN r < 0.50 THEN 5
      WHEN r < 0.73 THEN 6 WHEN r < 0.79 THEN 7 WHEN r < 0.86 THEN 8 ELSE 9
    END AS region
  FROM practice
), laid_out AS (
  SELECT *,
    floor(65536.0 * (sum(size) OVER w - size) / sum(size) OVER ())::BIGINT AS first_slot,
    floor(65536.0 * sum(size) OVER w / sum(size) OVER ())::BIGINT AS end_slot
  FROM placed WINDOW w AS (ORDER BY region, i)
)
SELECT unnest(range(first_slot, end_slot)) AS slot, i AS practice_pseudo_id,
  'E540000' || lpad((4 * region + floor(u(k, 2) * 4))::INTEGER::VARCHAR, 2, '0') AS practice_stp,
  ['North East', 'North West', 'Yorkshire and The Humber', 'East Midlands', 'West Midlands', 'East', 'London',
   'South East', 'South West'][region] AS practice_nuts1_region_name,
  DATE '2002-01-01' + floor(u(k, 3) * 5800)::INTEGER AS practice_systmone_go_live_date
FROM laid_out;
