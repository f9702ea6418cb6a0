-- Run query 001 / 001
WITH "events_rows" AS (
SELECT "t"."patient_id" AS "patient_id",
  list(DISTINCT "t"."date") FILTER (WHERE "t"."is_urgent" AND "t"."date" IS NOT NULL) AS "a0_v"
FROM "events" AS "t"
WHERE "t"."is_urgent"
GROUP BY "t"."patient_id"
),
"patient_values" AS (
SELECT "p"."patient_id" AS "patient_id",
  "j0"."a0_v" AS "x0",
  CASE WHEN 240 >= 13 - (EXTRACT(YEAR FROM "p"."date_of_birth") * 12 + EXTRACT(MONTH FROM "p"."date_of_birth")) AND 240 <= 120000 - (EXTRACT(YEAR FROM "p"."date_of_birth") * 12 + EXTRACT(MONTH FROM "p"."date_of_birth")) THEN least(CAST(date_trunc('month', "p"."date_of_birth") + to_months(TRY_CAST(240 AS INTEGER)) AS DATE) + TRY_CAST(EXTRACT(DAY FROM "p"."date_of_birth") - 1 AS INTEGER), CAST(date_trunc('month', "p"."date_of_birth") + to_months(TRY_CAST(240 + 1 AS INTEGER)) AS DATE)) END AS "x1"
FROM "patients" AS "p"
LEFT JOIN "events_rows" AS "j0" ON "p"."patient_id" = "j0"."patient_id"
WHERE TRUE
),
"events_rows_1" AS (
SELECT "r"."patient_id" AS "patient_id",
  count(*) FILTER (WHERE CASE WHEN "r"."s_x0" IS NULL THEN FALSE WHEN "r"."c_date" IS NOT NULL THEN list_contains("r"."s_x0", "r"."c_date") ELSE NULL END) AS "a0_n",
  max(struct_pack("n0" := "r"."c_date" IS NOT NULL, "k0" := "r"."c_date", "n1" := "r"."c_is_urgent" IS NOT NULL, "k1" := "r"."c_is_urgent")) AS "a1_row",
  min(struct_pack("n0" := "r"."c_date" IS NOT NULL, "k0" := "r"."c_date", "n1" := "r"."c_count" IS NOT NULL, "k1" := "r"."c_count", "n2" := "r"."c_value" IS NOT NULL, "k2" := "r"."c_value")) FILTER (WHERE "r"."c_is_urgent") AS "a2_row",
  list_sort(list("r"."c_date") FILTER (WHERE "r"."c_is_urgent" AND "r"."c_date" IS NOT NULL)) AS "a3_v",
  avg("r"."c_count") AS "a4_v",
  CAST(sum("r"."c_count") FILTER (WHERE "r"."c_is_urgent") AS BIGINT) AS "a5_v",
  max("r"."c_value") AS "a6_v",
  min("r"."c_date") FILTER (WHERE "r"."v0_0") AS "a7_v",
  count(DISTINCT "r"."c_value" > 1e0) AS "a8_v",
  count(DISTINCT "r"."c_code") AS "a9_v",
  count(*) FILTER (WHERE "r"."v0_0") AS "a10_n",
  bit_or(CAST(0 AS BIGINT) + CASE WHEN "r"."c_is_urgent" THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END + CASE WHEN "r"."c_date" > DATE '2020-01-01' THEN CAST(2 AS BIGINT) ELSE CAST(0 AS BIGINT) END + CASE WHEN "r"."c_value" > 3e0 THEN CAST(4 AS BIGINT) ELSE CAST(0 AS BIGINT) END + CASE WHEN "r"."c_is_urgent" THEN CAST(8 AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS "flags0"
FROM (
SELECT "t"."patient_id" AS "patient_id",
  "t"."date" AS "c_date",
  "s"."x0" AS "s_x0",
  "t"."is_urgent" AS "c_is_urgent",
  "t"."count" AS "c_count",
  "t"."value" AS "c_value",
  "s"."x1" AS "s_x1",
  "t"."code" AS "c_code",
  "t"."date" > "s"."x1" AS "v0_0"
FROM "events" AS "t"
INNER JOIN "patient_values" AS "s" ON "t"."patient_id" = "s"."patient_id"
) AS "r"
GROUP BY "r"."patient_id"
)
SELECT "p"."patient_id" AS "patient_id",
  coalesce("j0"."flags0" & 8 <> 0, FALSE) AS "c0",
  coalesce("j0"."flags0" & 4 <> 0, FALSE) AS "c1",
  coalesce("j0"."flags0" & 2 <> 0, FALSE) AS "c2",
  coalesce("j0"."a10_n", 0) AS "c3",
  coalesce("j0"."a9_v", 0) AS "c4",
  coalesce("j0"."a8_v", 0) AS "c5",
  "j0"."a7_v" AS "c6",
  "j0"."a6_v" AS "c7",
  "j0"."a5_v" AS "c8",
  "j0"."a4_v" AS "c9",
  CASE WHEN "j0"."a3_v" IS NULL THEN 0 ELSE 1 + len(list_filter(list_zip("j0"."a3_v"[2:], "j0"."a3_v"), lambda pair: pair[1] - pair[2] > 14)) END AS "c10",
  struct_extract("j0"."a2_row", 'k2') AS "c11",
  struct_extract("j0"."a2_row", 'k1') AS "c12",
  coalesce("j0"."flags0" & 1 <> 0, FALSE) AS "c13",
  struct_extract("j0"."a1_row", 'k0') AS "c14",
  struct_extract("j0"."a1_row", 'k1') AS "c15",
  CASE WHEN "p"."x0" IS NULL THEN FALSE WHEN "j1"."date_of_birth" IS NOT NULL THEN list_contains("p"."x0", "j1"."date_of_birth") ELSE NULL END AS "c16",
  coalesce("j0"."a0_n", 0) AS "c17"
FROM "patient_values" AS "p"
LEFT JOIN "events_rows_1" AS "j0" ON "p"."patient_id" = "j0"."patient_id"
LEFT JOIN "patients" AS "j1" ON "p"."patient_id" = "j1"."patient_id"
ORDER BY "p"."patient_id" ASC NULLS FIRST;
