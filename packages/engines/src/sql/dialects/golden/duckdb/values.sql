-- Run query 001 / 003
CREATE TEMPORARY TABLE "inline_table" ("patient_id" BIGINT, "arm" VARCHAR);

-- Run query 002 / 003
INSERT INTO "inline_table" VALUES
(1, 'it''s ]"\ %_'),
(2, NULL);

-- Run query 003 / 003
SELECT "l"."patient_id" AS "patient_id",
  "l"."p_sex" = 'female' AS "c0",
  "l"."p_is_alive" = ("l"."p_size" > 10) AS "c1",
  ("l"."p_weight" <= 0.5e0) <> "l"."p_is_alive" AS "c2",
  "l"."p_sex" < 'm' AND "l"."p_date_of_birth" >= DATE '1950-01-01' AS "c3",
  NOT "l"."v0_0" AS "c4",
  CAST("l"."v0_0" AS BIGINT) AS "c5",
  CAST("l"."p_size" AS BIGINT) + CAST(5000000000 AS BIGINT) - CAST("l"."p_size" AS BIGINT) * CAST(3 AS BIGINT) AS "c6",
  abs(-CAST("l"."p_size" AS BIGINT)) AS "c7",
  CAST("l"."p_size" AS DOUBLE) / nullif(CAST(2 AS DOUBLE), 0e0) AS "c8",
  CAST("l"."p_size" AS BIGINT) // nullif(CAST(-7 AS BIGINT), 0) - CASE WHEN CAST("l"."p_size" AS BIGINT) % nullif(CAST(-7 AS BIGINT), 0) <> 0 AND (CAST("l"."p_size" AS BIGINT) < 0) <> (CAST(-7 AS BIGINT) < 0) THEN 1 ELSE 0 END AS "c9",
  TRY_CAST(floor(CAST("l"."p_weight" AS DOUBLE) / nullif(0.3e0, 0e0)) AS BIGINT) AS "c10",
  (CAST("l"."p_weight" AS DOUBLE) + 1.5e0) * (CAST("l"."p_weight" AS DOUBLE) - 1e-7) AS "c11",
  CASE WHEN CAST("l"."p_weight" AS DOUBLE) = 0e0 AND CAST(2e0 AS DOUBLE) < 0e0 THEN NULL WHEN CAST("l"."p_weight" AS DOUBLE) < 0e0 AND CAST(2e0 AS DOUBLE) <> floor(CAST(2e0 AS DOUBLE)) THEN NULL ELSE pow(CAST("l"."p_weight" AS DOUBLE), CAST(2e0 AS DOUBLE)) END AS "c12",
  TRY_CAST(trunc("l"."p_weight") AS BIGINT) AS "c13",
  CAST("l"."p_size" AS DOUBLE) AS "c14",
  EXTRACT(YEAR FROM "l"."p_date_of_birth") AS "c15",
  EXTRACT(MONTH FROM "l"."p_date_of_birth") AS "c16",
  EXTRACT(DAY FROM "l"."p_date_of_birth") AS "c17",
  CAST(date_trunc('year', "l"."p_date_of_birth") AS DATE) AS "c18",
  CAST(date_trunc('month', "l"."p_date_of_birth") AS DATE) AS "c19",
  CASE WHEN "l"."p_size" >= DATE '0001-01-01' - "l"."p_date_of_birth" AND "l"."p_size" <= DATE '9999-12-31' - "l"."p_date_of_birth" THEN "l"."p_date_of_birth" + TRY_CAST("l"."p_size" AS INTEGER) END AS "c20",
  CASE WHEN CAST("l"."p_size" AS BIGINT) >= 13 - (EXTRACT(YEAR FROM "l"."p_date_of_birth") * 12 + EXTRACT(MONTH FROM "l"."p_date_of_birth")) AND CAST("l"."p_size" AS BIGINT) <= 120000 - (EXTRACT(YEAR FROM "l"."p_date_of_birth") * 12 + EXTRACT(MONTH FROM "l"."p_date_of_birth")) THEN least(CAST(date_trunc('month', "l"."p_date_of_birth") + to_months(TRY_CAST(CAST("l"."p_size" AS BIGINT) AS INTEGER)) AS DATE) + TRY_CAST(EXTRACT(DAY FROM "l"."p_date_of_birth") - 1 AS INTEGER), CAST(date_trunc('month', "l"."p_date_of_birth") + to_months(TRY_CAST(CAST("l"."p_size" AS BIGINT) + 1 AS INTEGER)) AS DATE)) END AS "c21",
  CASE WHEN 12 >= 13 - (EXTRACT(YEAR FROM "l"."p_date_of_birth") * 12 + EXTRACT(MONTH FROM "l"."p_date_of_birth")) AND 12 <= 120000 - (EXTRACT(YEAR FROM "l"."p_date_of_birth") * 12 + EXTRACT(MONTH FROM "l"."p_date_of_birth")) THEN least(CAST(date_trunc('month', "l"."p_date_of_birth") + to_months(TRY_CAST(12 AS INTEGER)) AS DATE) + TRY_CAST(EXTRACT(DAY FROM "l"."p_date_of_birth") - 1 AS INTEGER), CAST(date_trunc('month', "l"."p_date_of_birth") + to_months(TRY_CAST(12 + 1 AS INTEGER)) AS DATE)) END AS "c22",
  DATE '2020-02-29' - "l"."p_date_of_birth" AS "c23",
  12 * (EXTRACT(YEAR FROM DATE '2020-02-29') - EXTRACT(YEAR FROM "l"."p_date_of_birth")) + (EXTRACT(MONTH FROM DATE '2020-02-29') - EXTRACT(MONTH FROM "l"."p_date_of_birth")) - CASE WHEN EXTRACT(DAY FROM DATE '2020-02-29') < EXTRACT(DAY FROM "l"."p_date_of_birth") THEN 1 ELSE 0 END AS "c24",
  EXTRACT(YEAR FROM DATE '2020-02-29') - EXTRACT(YEAR FROM "l"."p_date_of_birth") - CASE WHEN EXTRACT(MONTH FROM DATE '2020-02-29') * 100 + EXTRACT(DAY FROM DATE '2020-02-29') < EXTRACT(MONTH FROM "l"."p_date_of_birth") * 100 + EXTRACT(DAY FROM "l"."p_date_of_birth") THEN 1 ELSE 0 END AS "c25",
  contains("l"."p_sex", '%') AS "c26",
  contains("l"."p_sex", '') AS "c27",
  contains("l"."p_sex", least('e', "l"."p_sex")) AS "c28",
  greatest("l"."p_size", 3, CAST("l"."p_size" AS BIGINT) + CAST(1 AS BIGINT)) AS "c29",
  "l"."p_sex" IN ('it''s', 'female') AS "c30",
  FALSE AS "c31",
  CASE WHEN "l"."p_is_alive" THEN 'alive' WHEN "l"."p_weight" > 2e0 THEN NULL ELSE 'l''autre' END AS "c32",
  CASE WHEN "l"."p_size" > 0 THEN "l"."p_weight" < 3e0 ELSE "l"."p_is_alive" END AS "c33",
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
LEFT JOIN "inline_table" AS "j0" ON "p"."patient_id" = "j0"."patient_id"
) AS "l"
WHERE TRUE
ORDER BY "l"."patient_id" ASC NULLS FIRST;
