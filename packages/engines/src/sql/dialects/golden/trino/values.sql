-- Run query 001 / 004
CREATE TABLE "glovebox_inline_table" ("patient_id" BIGINT, "arm" VARCHAR);

-- Run query 002 / 004
INSERT INTO "glovebox_inline_table" VALUES
(1, 'it''s ]"\ %_'),
(2, NULL);

-- Run query 003 / 004
SELECT "l"."patient_id" AS "patient_id",
  "l"."p_sex" = 'female' AS "c0",
  "l"."p_is_alive" = ("l"."p_size" > 10) AS "c1",
  ("l"."p_weight" <= 0.5E0) <> "l"."p_is_alive" AS "c2",
  "l"."p_sex" < 'm' AND "l"."p_date_of_birth" >= DATE '1950-01-01' AS "c3",
  NOT "l"."v0_0" AS "c4",
  CAST("l"."v0_0" AS BIGINT) AS "c5",
  CAST("l"."p_size" AS BIGINT) + CAST(BIGINT '5000000000' AS BIGINT) - CAST("l"."p_size" AS BIGINT) * CAST(3 AS BIGINT) AS "c6",
  abs(-CAST("l"."p_size" AS BIGINT)) AS "c7",
  CAST("l"."p_size" AS DOUBLE) / nullif(CAST(2 AS DOUBLE), 0E0) AS "c8",
  CAST("l"."p_size" AS BIGINT) / nullif(CAST(-7 AS BIGINT), 0) - CASE WHEN CAST("l"."p_size" AS BIGINT) % nullif(CAST(-7 AS BIGINT), 0) <> 0 AND (CAST("l"."p_size" AS BIGINT) < 0) <> (CAST(-7 AS BIGINT) < 0) THEN 1 ELSE 0 END AS "c9",
  TRY_CAST(floor(CAST("l"."p_weight" AS DOUBLE) / nullif(0.3E0, 0E0)) AS BIGINT) AS "c10",
  (CAST("l"."p_weight" AS DOUBLE) + 1.5E0) * (CAST("l"."p_weight" AS DOUBLE) - 1E-7) AS "c11",
  CASE WHEN CAST("l"."p_weight" AS DOUBLE) = 0E0 AND CAST(2E0 AS DOUBLE) < 0E0 THEN NULL WHEN CAST("l"."p_weight" AS DOUBLE) < 0E0 AND CAST(2E0 AS DOUBLE) <> floor(CAST(2E0 AS DOUBLE)) THEN NULL ELSE pow(CAST("l"."p_weight" AS DOUBLE), CAST(2E0 AS DOUBLE)) END AS "c12",
  TRY_CAST(truncate("l"."p_weight") AS BIGINT) AS "c13",
  CAST("l"."p_size" AS DOUBLE) AS "c14",
  EXTRACT(YEAR FROM "l"."p_date_of_birth") AS "c15",
  EXTRACT(MONTH FROM "l"."p_date_of_birth") AS "c16",
  EXTRACT(DAY FROM "l"."p_date_of_birth") AS "c17",
  date_trunc('year', "l"."p_date_of_birth") AS "c18",
  date_trunc('month', "l"."p_date_of_birth") AS "c19",
  CASE WHEN "l"."p_size" >= date_diff('day', "l"."p_date_of_birth", DATE '0001-01-01') AND "l"."p_size" <= date_diff('day', "l"."p_date_of_birth", DATE '9999-12-31') THEN date_add('day', "l"."p_size", "l"."p_date_of_birth") END AS "c20",
  CASE WHEN CAST("l"."p_size" AS BIGINT) >= 13 - (EXTRACT(YEAR FROM "l"."p_date_of_birth") * 12 + EXTRACT(MONTH FROM "l"."p_date_of_birth")) AND CAST("l"."p_size" AS BIGINT) <= 120000 - (EXTRACT(YEAR FROM "l"."p_date_of_birth") * 12 + EXTRACT(MONTH FROM "l"."p_date_of_birth")) THEN CASE WHEN EXTRACT(DAY FROM date_add('month', CAST("l"."p_size" AS BIGINT), "l"."p_date_of_birth")) = EXTRACT(DAY FROM "l"."p_date_of_birth") THEN date_add('month', CAST("l"."p_size" AS BIGINT), "l"."p_date_of_birth") ELSE date_add('day', 1, date_add('month', CAST("l"."p_size" AS BIGINT), "l"."p_date_of_birth")) END END AS "c21",
  CASE WHEN 12 >= 13 - (EXTRACT(YEAR FROM "l"."p_date_of_birth") * 12 + EXTRACT(MONTH FROM "l"."p_date_of_birth")) AND 12 <= 120000 - (EXTRACT(YEAR FROM "l"."p_date_of_birth") * 12 + EXTRACT(MONTH FROM "l"."p_date_of_birth")) THEN CASE WHEN EXTRACT(DAY FROM date_add('month', 12, "l"."p_date_of_birth")) = EXTRACT(DAY FROM "l"."p_date_of_birth") THEN date_add('month', 12, "l"."p_date_of_birth") ELSE date_add('day', 1, date_add('month', 12, "l"."p_date_of_birth")) END END AS "c22",
  date_diff('day', "l"."p_date_of_birth", DATE '2020-02-29') AS "c23",
  12 * (EXTRACT(YEAR FROM DATE '2020-02-29') - EXTRACT(YEAR FROM "l"."p_date_of_birth")) + (EXTRACT(MONTH FROM DATE '2020-02-29') - EXTRACT(MONTH FROM "l"."p_date_of_birth")) - CASE WHEN EXTRACT(DAY FROM DATE '2020-02-29') < EXTRACT(DAY FROM "l"."p_date_of_birth") THEN 1 ELSE 0 END AS "c24",
  EXTRACT(YEAR FROM DATE '2020-02-29') - EXTRACT(YEAR FROM "l"."p_date_of_birth") - CASE WHEN EXTRACT(MONTH FROM DATE '2020-02-29') * 100 + EXTRACT(DAY FROM DATE '2020-02-29') < EXTRACT(MONTH FROM "l"."p_date_of_birth") * 100 + EXTRACT(DAY FROM "l"."p_date_of_birth") THEN 1 ELSE 0 END AS "c25",
  strpos("l"."p_sex", '%') > 0 AS "c26",
  strpos("l"."p_sex", '') > 0 AS "c27",
  strpos("l"."p_sex", array_min(filter(ARRAY['e', "l"."p_sex"], v -> v IS NOT NULL))) > 0 AS "c28",
  array_max(filter(ARRAY["l"."p_size", 3, CAST("l"."p_size" AS BIGINT) + CAST(1 AS BIGINT)], v -> v IS NOT NULL)) AS "c29",
  "l"."p_sex" IN ('it''s', 'female') AS "c30",
  FALSE AS "c31",
  CASE WHEN "l"."p_is_alive" THEN 'alive' WHEN "l"."p_weight" > 2E0 THEN NULL ELSE 'l''autre' END AS "c32",
  CASE WHEN "l"."p_size" > 0 THEN "l"."p_weight" < 3E0 ELSE "l"."p_is_alive" END AS "c33",
  "l"."j0_arm" AS "c34",
  "l"."j0_patient_id" IS NOT NULL AS "c35"
FROM (
SELECT "p"."patient_id" AS "patient_id",
  "p"."patient_id" AS "p_patient_id",
  "p"."sex" AS "p_sex",
  "p"."is_alive" AS "p_is_alive",
  "p"."size" AS "p_size",
  "p"."weight" AS "p_weight",
  "p"."date_of_birth" AS "p_date_of_birth",
  "j0"."arm" AS "j0_arm",
  "j0"."patient_id" AS "j0_patient_id",
  "p"."is_alive" OR "p"."weight" IS NULL AS "v0_0"
FROM "patients" AS "p"
LEFT JOIN "glovebox_inline_table" AS "j0" ON "p"."patient_id" = "j0"."patient_id"
) AS "l"
WHERE TRUE
ORDER BY "l"."patient_id" ASC NULLS FIRST;

-- Run query 004 / 004
DROP TABLE "glovebox_inline_table";
