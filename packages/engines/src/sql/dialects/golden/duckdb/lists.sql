-- Run query 001 / 008
CREATE TEMPORARY TABLE "code_masks" ("code" VARCHAR, "mask0" BIGINT);

-- Run query 002 / 008
INSERT INTO "code_masks" VALUES
('10000000', 1),
('11000000', 1),
('12000000', 1),
('13000000', 1),
('14000000', 1),
('15000000', 1),
('16000000', 1),
('17000000', 1),
('18000000', 1),
('19000000', 1),
('20000000', 3),
('21000000', 3),
('22000000', 3),
('23000000', 3),
('24000000', 3),
('25000000', 3),
('26000000', 3),
('27000000', 3),
('28000000', 3),
('29000000', 3),
('30000000', 2),
('31000000', 2),
('32000000', 2),
('33000000', 2),
('34000000', 2),
('35000000', 2),
('36000000', 2),
('37000000', 2),
('38000000', 2),
('39000000', 2),
('40000000', 2),
('41000000', 2),
('42000000', 2),
('43000000', 2),
('44000000', 2),
('45000000', 2),
('46000000', 2),
('47000000', 2),
('48000000', 2),
('49000000', 2);

-- Run query 003 / 008
CREATE TEMPORARY TABLE "code_list" ("value" VARCHAR);

-- Run query 004 / 008
INSERT INTO "code_list" VALUES
('10000000'),
('11000000'),
('12000000'),
('13000000'),
('14000000'),
('15000000'),
('16000000'),
('17000000'),
('18000000'),
('19000000'),
('20000000'),
('21000000'),
('22000000'),
('23000000'),
('24000000'),
('25000000'),
('26000000'),
('27000000'),
('28000000'),
('29000000');

-- Run query 005 / 008
CREATE TEMPORARY TABLE "code_masks_1" ("code" VARCHAR, "mask0" BIGINT);

-- Run query 006 / 008
INSERT INTO "code_masks_1" VALUES
('20000000', 1),
('21000000', 1),
('22000000', 1),
('23000000', 1),
('24000000', 1),
('25000000', 1),
('26000000', 1),
('27000000', 1),
('28000000', 1),
('29000000', 1),
('30000000', 1),
('31000000', 1),
('32000000', 1),
('33000000', 1),
('34000000', 1),
('35000000', 1),
('36000000', 1),
('37000000', 1),
('38000000', 1),
('39000000', 1),
('40000000', 1),
('41000000', 1),
('42000000', 1),
('43000000', 1),
('44000000', 1),
('45000000', 1),
('46000000', 1),
('47000000', 1),
('48000000', 1),
('49000000', 1);

-- Run query 007 / 008
WITH "events_rows" AS (
SELECT "t"."patient_id" AS "patient_id",
  max(struct_pack("n0" := "t"."date" IS NOT NULL, "k0" := "t"."date", "n1" := "t"."code" IS NOT NULL, "k1" := "t"."code")) AS "a0_row",
  count(*) FILTER (WHERE "m0"."mask0" & 1 <> 0 AND "m0"."mask0" & 2 <> 0) AS "a1_n",
  bool_or("m0"."mask0" & 1 <> 0) AS "a2_n"
FROM "events" AS "t"
LEFT JOIN "code_masks" AS "m0" ON "t"."code" = "m0"."code"
GROUP BY "t"."patient_id"
)
SELECT "p"."patient_id" AS "patient_id",
  coalesce("j0"."a2_n", FALSE) AS "c0",
  coalesce("j0"."a1_n", 0) AS "c1",
  struct_extract("j0"."a0_row", 'k1') IN (
SELECT "c"."value" AS "value"
FROM "code_list" AS "c"
) AS "c2"
FROM "patients" AS "p"
LEFT JOIN "events_rows" AS "j0" ON "p"."patient_id" = "j0"."patient_id"
WHERE "p"."size" > 0
ORDER BY "p"."patient_id" ASC NULLS FIRST;

-- Run query 008 / 008
WITH "patient_values" AS (
SELECT "p"."patient_id" AS "patient_id",
  "p"."date_of_birth" AS "x0"
FROM "patients" AS "p"
WHERE "p"."size" > 0
)
SELECT "t"."patient_id" AS "patient_id",
  "t"."code" AS "c0",
  "t"."date" > "s"."x0" AS "c1"
FROM "events" AS "t"
INNER JOIN "code_masks_1" AS "m0" ON "t"."code" = "m0"."code"
INNER JOIN "patient_values" AS "s" ON "t"."patient_id" = "s"."patient_id"
WHERE "m0"."mask0" & 1 <> 0
ORDER BY "t"."patient_id" ASC NULLS FIRST, "c0" ASC NULLS FIRST, "c1" ASC NULLS FIRST;
