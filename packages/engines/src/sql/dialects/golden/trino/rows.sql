-- Run query 001 / 007
CREATE TABLE "glovebox_events_rows" AS
SELECT "w"."patient_id" AS "patient_id",
  array_agg(DISTINCT "w"."r0") FILTER (WHERE "w"."r1" AND "w"."r0" IS NOT NULL) AS "a0_v"
FROM (
SELECT "t"."patient_id" AS "patient_id",
  "t"."date" AS "r0",
  "t"."is_urgent" AS "r1"
FROM "events" AS "t"
WHERE "t"."is_urgent"
) AS "w"
GROUP BY "w"."patient_id";

-- Run query 002 / 007
CREATE TABLE "glovebox_patient_values" AS
SELECT "p"."patient_id" AS "patient_id",
  "j0"."a0_v" AS "x0",
  CASE WHEN 240 >= 13 - (EXTRACT(YEAR FROM "p"."date_of_birth") * 12 + EXTRACT(MONTH FROM "p"."date_of_birth")) AND 240 <= 120000 - (EXTRACT(YEAR FROM "p"."date_of_birth") * 12 + EXTRACT(MONTH FROM "p"."date_of_birth")) THEN CASE WHEN EXTRACT(DAY FROM date_add('month', 240, "p"."date_of_birth")) = EXTRACT(DAY FROM "p"."date_of_birth") THEN date_add('month', 240, "p"."date_of_birth") ELSE date_add('day', 1, date_add('month', 240, "p"."date_of_birth")) END END AS "x1"
FROM "patients" AS "p"
LEFT JOIN "glovebox_events_rows" AS "j0" ON "p"."patient_id" = "j0"."patient_id"
WHERE TRUE;

-- Run query 003 / 007
CREATE TABLE "glovebox_events_rows_1" AS
SELECT "w"."patient_id" AS "patient_id",
  count(*) FILTER (WHERE "w"."r10") AS "a0_n",
  max("w"."r0") FILTER (WHERE "w"."w1_place" = 1) AS "a1_k0",
  bool_or(CASE WHEN "w"."w1_place" = 1 THEN "w"."r1" ELSE NULL END) AS "a1_k1",
  max("w"."r3") FILTER (WHERE "w"."r11" AND "w"."w3_place" = 1) AS "a2_k2",
  max("w"."r2") FILTER (WHERE "w"."r11" AND "w"."w3_place" = 1) AS "a2_k1",
  count(*) FILTER (WHERE "w"."r11" AND "w"."r4" IS NOT NULL AND ("w"."w4_before" IS NULL OR date_diff('day', "w"."w4_before", "w"."r4") > 14)) AS "a3_v",
  avg(CAST("w"."r2" AS DOUBLE)) AS "a4_v",
  sum(CAST("w"."r5" AS BIGINT)) FILTER (WHERE "w"."r11") AS "a5_v",
  max("w"."r6") AS "a6_v",
  min("w"."r7") FILTER (WHERE "w"."r12") AS "a7_v",
  count(DISTINCT "w"."r8") AS "a8_v",
  count(DISTINCT "w"."r9") AS "a9_v",
  count(*) FILTER (WHERE "w"."r12") AS "a10_n",
  bitwise_or_agg(CAST(0 AS BIGINT) + CASE WHEN "w"."r11" THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END + CASE WHEN "w"."r13" THEN CAST(2 AS BIGINT) ELSE CAST(0 AS BIGINT) END + CASE WHEN "w"."r14" THEN CAST(4 AS BIGINT) ELSE CAST(0 AS BIGINT) END + CASE WHEN "w"."r11" THEN CAST(8 AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS "flags0"
FROM (
SELECT "r"."patient_id" AS "patient_id",
  "r"."c_date" AS "r0",
  "r"."c_is_urgent" AS "r1",
  "r"."c_count" AS "r2",
  "r"."c_value" AS "r3",
  "r"."c_date" AS "r4",
  "r"."c_count" AS "r5",
  "r"."c_value" AS "r6",
  "r"."c_date" AS "r7",
  "r"."v0_0" AS "r8",
  "r"."c_code" AS "r9",
  "r"."v0_1" AS "r10",
  "r"."c_is_urgent" AS "r11",
  "r"."v0_2" AS "r12",
  "r"."v0_3" AS "r13",
  "r"."v0_4" AS "r14",
  row_number() OVER (PARTITION BY "r"."patient_id" ORDER BY "r"."c_date" DESC NULLS LAST, "r"."c_is_urgent" DESC NULLS LAST) AS "w1_place",
  row_number() OVER (PARTITION BY "r"."patient_id", CASE WHEN "r"."c_is_urgent" THEN 1 ELSE 0 END ORDER BY "r"."c_date" ASC NULLS FIRST, "r"."c_count" ASC NULLS FIRST, "r"."c_value" ASC NULLS FIRST) AS "w3_place",
  lag("r"."c_date") OVER (PARTITION BY "r"."patient_id", CASE WHEN "r"."c_is_urgent" AND "r"."c_date" IS NOT NULL THEN 1 ELSE 0 END ORDER BY "r"."c_date" ASC NULLS FIRST) AS "w4_before"
FROM (
SELECT "t"."patient_id" AS "patient_id",
  "t"."date" AS "c_date",
  "s"."x0" AS "s_x0",
  "t"."is_urgent" AS "c_is_urgent",
  "t"."count" AS "c_count",
  "t"."value" AS "c_value",
  "s"."x1" AS "s_x1",
  "t"."code" AS "c_code",
  "t"."value" > 1E0 AS "v0_0",
  CASE WHEN "s"."x0" IS NULL THEN FALSE WHEN "t"."date" IS NOT NULL THEN contains("s"."x0", "t"."date") ELSE NULL END AS "v0_1",
  "t"."date" > "s"."x1" AS "v0_2",
  "t"."date" > DATE '2020-01-01' AS "v0_3",
  "t"."value" > 3E0 AS "v0_4"
FROM "events" AS "t"
INNER JOIN "glovebox_patient_values" AS "s" ON "t"."patient_id" = "s"."patient_id"
) AS "r"
) AS "w"
GROUP BY "w"."patient_id";

-- Run query 004 / 007
SELECT "p"."patient_id" AS "patient_id",
  coalesce(bitwise_and("j0"."flags0", 8) <> 0, FALSE) AS "c0",
  coalesce(bitwise_and("j0"."flags0", 4) <> 0, FALSE) AS "c1",
  coalesce(bitwise_and("j0"."flags0", 2) <> 0, FALSE) AS "c2",
  coalesce("j0"."a10_n", 0) AS "c3",
  coalesce("j0"."a9_v", 0) AS "c4",
  coalesce("j0"."a8_v", 0) AS "c5",
  "j0"."a7_v" AS "c6",
  "j0"."a6_v" AS "c7",
  "j0"."a5_v" AS "c8",
  "j0"."a4_v" AS "c9",
  coalesce("j0"."a3_v", 0) AS "c10",
  "j0"."a2_k2" AS "c11",
  "j0"."a2_k1" AS "c12",
  coalesce(bitwise_and("j0"."flags0", 1) <> 0, FALSE) AS "c13",
  "j0"."a1_k0" AS "c14",
  "j0"."a1_k1" AS "c15",
  CASE WHEN "p"."x0" IS NULL THEN FALSE WHEN "j1"."date_of_birth" IS NOT NULL THEN contains("p"."x0", "j1"."date_of_birth") ELSE NULL END AS "c16",
  coalesce("j0"."a0_n", 0) AS "c17"
FROM "glovebox_patient_values" AS "p"
LEFT JOIN "glovebox_events_rows_1" AS "j0" ON "p"."patient_id" = "j0"."patient_id"
LEFT JOIN "patients" AS "j1" ON "p"."patient_id" = "j1"."patient_id"
ORDER BY "p"."patient_id" ASC NULLS FIRST;

-- Run query 005 / 007
DROP TABLE "glovebox_events_rows_1";

-- Run query 006 / 007
DROP TABLE "glovebox_patient_values";

-- Run query 007 / 007
DROP TABLE "glovebox_events_rows";
