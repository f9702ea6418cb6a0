-- Households of one to six neighbours: people come in blocks of twelve, and each block is cut in one of six ways.
CREATE TABLE household_memberships_2020 AS
WITH blocks AS (
  SELECT patient_id, (patient_id - 1) // 12 AS block, (patient_id - 1) % 12 AS place,
    [[1, 2, 4, 5], [3, 3, 2, 4], [1, 1, 2, 2, 3, 3], [2, 2, 2, 6], [4, 4, 1, 3], [1, 2, 2, 2, 5]]
      [1 + floor(u(row_key(seed_key(), 13, (patient_id - 1) // 12), 1) * 6)::INTEGER] AS sizes
  FROM person
  WHERE born < DATE '2020-02-01' AND (died IS NULL OR died >= DATE '2020-02-01') AND u(k, 13) < 0.95
), cut AS (
  SELECT patient_id, block, list_filter(range(1, 7), i -> list_sum(sizes[1:i]) > place)[1] AS part, sizes FROM blocks
)
SELECT patient_id, block * 6 + part AS household_pseudo_id, sizes[part]::BIGINT AS household_size FROM cut;
