-- Run query 001 / 001
WITH "patient_values" AS (
SELECT "p"."patient_id" AS "patient_id",
  CASE WHEN 216 >= 13 - (EXTRACT(YEAR FROM "p"."date_of_birth") * 12 + EXTRACT(MONTH FROM "p"."date_of_birth")) AND 216 <= 120000 - (EXTRACT(YEAR FROM "p"."date_of_birth") * 12 + EXTRACT(MONTH FROM "p"."date_of_birth")) THEN least(CAST(date_trunc('month', "p"."date_of_birth") + to_months(TRY_CAST(216 AS INTEGER)) AS DATE) + TRY_CAST(EXTRACT(DAY FROM "p"."date_of_birth") - 1 AS INTEGER), CAST(date_trunc('month', "p"."date_of_birth") + to_months(TRY_CAST(216 + 1 AS INTEGER)) AS DATE)) END AS "x0"
FROM "patients" AS "p"
WHERE "p"."date_of_birth" < DATE '2000-01-01'
),
"events_rows" AS (
SELECT "r"."patient_id" AS "patient_id",
  bool_or("r"."c_date" > "r"."s_x0") AS "a0_n",
  max(struct_pack("n0" := "r"."c_date" IS NOT NULL, "k0" := "r"."c_date", "n1" := "r"."c_value" IS NOT NULL, "k1" := "r"."c_value")) FILTER (WHERE "r"."v0_0") AS "a1_row",
  count(*) FILTER (WHERE "r"."v0_0") AS "a2_n"
FROM (
SELECT "t"."patient_id" AS "patient_id",
  "t"."date" AS "c_date",
  "s"."x0" AS "s_x0",
  "t"."code" AS "c_code",
  "t"."value" AS "c_value",
  "t"."code" IN ('1000000', '2000000', '3000000') AS "v0_0"
FROM "events" AS "t"
INNER JOIN "patient_values" AS "s" ON "t"."patient_id" = "s"."patient_id"
) AS "r"
GROUP BY "r"."patient_id"
)
SELECT "p"."patient_id" AS "patient_id",
  "j0"."sex" AS "c0",
  coalesce("j1"."a2_n", 0) AS "c1",
  struct_extract("j1"."a1_row", 'k0') AS "c2",
  struct_extract("j1"."a1_row", 'k1') AS "c3",
  coalesce("j1"."a0_n", FALSE) AS "c4"
FROM "patient_values" AS "p"
LEFT JOIN "patients" AS "j0" ON "p"."patient_id" = "j0"."patient_id"
LEFT JOIN "events_rows" AS "j1" ON "p"."patient_id" = "j1"."patient_id"
ORDER BY "p"."patient_id" ASC NULLS FIRST;
