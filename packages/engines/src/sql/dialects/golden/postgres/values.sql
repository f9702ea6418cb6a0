-- Run query 001 / 003
CREATE TEMPORARY TABLE "inline_table" ("patient_id" BIGINT, "arm" TEXT);

-- Run query 002 / 003
INSERT INTO "inline_table" VALUES
(1, 'it''s ]"\ %_'),
(2, NULL);

-- Run query 003 / 003
SELECT "l"."patient_id" AS "patient_id",
  "l"."p_sex" = 'female' AS "c0",
  "l"."p_is_alive" = ("l"."p_size" > 10) AS "c1",
  ("l"."p_weight" <= FLOAT8 '0.5') <> "l"."p_is_alive" AS "c2",
  "l"."p_sex" < 'm' AND "l"."p_date_of_birth" >= DATE '1950-01-01' AS "c3",
  NOT "l"."v0_0" AS "c4",
  CAST(CAST("l"."v0_0" AS INTEGER) AS BIGINT) AS "c5",
  CAST("l"."p_size" AS BIGINT) + CAST(5000000000 AS BIGINT) - CAST("l"."p_size" AS BIGINT) * CAST(3 AS BIGINT) AS "c6",
  abs(-CAST("l"."p_size" AS BIGINT)) AS "c7",
  CASE WHEN abs(CAST("l"."p_size" AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND abs(nullif(CAST(2 AS DOUBLE PRECISION), FLOAT8 '0')) < FLOAT8 'Infinity' AND abs(CAST("l"."p_size" AS DOUBLE PRECISION)) > FLOAT8 '1.7976931348623157e+308' * least(abs(nullif(CAST(2 AS DOUBLE PRECISION), FLOAT8 '0')), FLOAT8 '1') THEN sign(CAST("l"."p_size" AS DOUBLE PRECISION)) * sign(nullif(CAST(2 AS DOUBLE PRECISION), FLOAT8 '0')) * FLOAT8 'Infinity' WHEN abs(CAST("l"."p_size" AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND abs(nullif(CAST(2 AS DOUBLE PRECISION), FLOAT8 '0')) < FLOAT8 'Infinity' AND abs(CAST("l"."p_size" AS DOUBLE PRECISION)) < FLOAT8 '5e-324' * greatest(nullif(abs(nullif(CAST(2 AS DOUBLE PRECISION), FLOAT8 '0')), FLOAT8 'Infinity'), FLOAT8 '1') THEN FLOAT8 '0' ELSE CAST("l"."p_size" AS DOUBLE PRECISION) / nullif(CAST(2 AS DOUBLE PRECISION), FLOAT8 '0') END AS "c8",
  CAST("l"."p_size" AS BIGINT) / nullif(CAST(-7 AS BIGINT), 0) - CASE WHEN CAST("l"."p_size" AS BIGINT) % nullif(CAST(-7 AS BIGINT), 0) <> 0 AND (CAST("l"."p_size" AS BIGINT) < 0) <> (CAST(-7 AS BIGINT) < 0) THEN 1 ELSE 0 END AS "c9",
  CASE WHEN floor(CASE WHEN abs(CAST("l"."p_weight" AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND abs(nullif(FLOAT8 '0.3', FLOAT8 '0')) < FLOAT8 'Infinity' AND abs(CAST("l"."p_weight" AS DOUBLE PRECISION)) > FLOAT8 '1.7976931348623157e+308' * least(abs(nullif(FLOAT8 '0.3', FLOAT8 '0')), FLOAT8 '1') THEN sign(CAST("l"."p_weight" AS DOUBLE PRECISION)) * sign(nullif(FLOAT8 '0.3', FLOAT8 '0')) * FLOAT8 'Infinity' WHEN abs(CAST("l"."p_weight" AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND abs(nullif(FLOAT8 '0.3', FLOAT8 '0')) < FLOAT8 'Infinity' AND abs(CAST("l"."p_weight" AS DOUBLE PRECISION)) < FLOAT8 '5e-324' * greatest(nullif(abs(nullif(FLOAT8 '0.3', FLOAT8 '0')), FLOAT8 'Infinity'), FLOAT8 '1') THEN FLOAT8 '0' ELSE CAST("l"."p_weight" AS DOUBLE PRECISION) / nullif(FLOAT8 '0.3', FLOAT8 '0') END) >= FLOAT8 '-9223372036854776000' AND floor(CASE WHEN abs(CAST("l"."p_weight" AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND abs(nullif(FLOAT8 '0.3', FLOAT8 '0')) < FLOAT8 'Infinity' AND abs(CAST("l"."p_weight" AS DOUBLE PRECISION)) > FLOAT8 '1.7976931348623157e+308' * least(abs(nullif(FLOAT8 '0.3', FLOAT8 '0')), FLOAT8 '1') THEN sign(CAST("l"."p_weight" AS DOUBLE PRECISION)) * sign(nullif(FLOAT8 '0.3', FLOAT8 '0')) * FLOAT8 'Infinity' WHEN abs(CAST("l"."p_weight" AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND abs(nullif(FLOAT8 '0.3', FLOAT8 '0')) < FLOAT8 'Infinity' AND abs(CAST("l"."p_weight" AS DOUBLE PRECISION)) < FLOAT8 '5e-324' * greatest(nullif(abs(nullif(FLOAT8 '0.3', FLOAT8 '0')), FLOAT8 'Infinity'), FLOAT8 '1') THEN FLOAT8 '0' ELSE CAST("l"."p_weight" AS DOUBLE PRECISION) / nullif(FLOAT8 '0.3', FLOAT8 '0') END) < FLOAT8 '9223372036854776000' THEN CAST(floor(CASE WHEN abs(CAST("l"."p_weight" AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND abs(nullif(FLOAT8 '0.3', FLOAT8 '0')) < FLOAT8 'Infinity' AND abs(CAST("l"."p_weight" AS DOUBLE PRECISION)) > FLOAT8 '1.7976931348623157e+308' * least(abs(nullif(FLOAT8 '0.3', FLOAT8 '0')), FLOAT8 '1') THEN sign(CAST("l"."p_weight" AS DOUBLE PRECISION)) * sign(nullif(FLOAT8 '0.3', FLOAT8 '0')) * FLOAT8 'Infinity' WHEN abs(CAST("l"."p_weight" AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND abs(nullif(FLOAT8 '0.3', FLOAT8 '0')) < FLOAT8 'Infinity' AND abs(CAST("l"."p_weight" AS DOUBLE PRECISION)) < FLOAT8 '5e-324' * greatest(nullif(abs(nullif(FLOAT8 '0.3', FLOAT8 '0')), FLOAT8 'Infinity'), FLOAT8 '1') THEN FLOAT8 '0' ELSE CAST("l"."p_weight" AS DOUBLE PRECISION) / nullif(FLOAT8 '0.3', FLOAT8 '0') END) AS BIGINT) END AS "c10",
  CASE WHEN abs("l"."v0_1") < FLOAT8 'Infinity' AND abs("l"."v0_2") < FLOAT8 'Infinity' AND abs("l"."v0_2") > FLOAT8 '1.7976931348623157e+308' / greatest(nullif(abs("l"."v0_1"), FLOAT8 'Infinity'), FLOAT8 '1') THEN sign("l"."v0_1") * sign("l"."v0_2") * FLOAT8 'Infinity' WHEN abs("l"."v0_1") < FLOAT8 'Infinity' AND abs("l"."v0_2") < FLOAT8 'Infinity' AND abs("l"."v0_1") > FLOAT8 '0' AND abs("l"."v0_2") < FLOAT8 '5e-324' / nullif(least(abs("l"."v0_1"), FLOAT8 '1'), FLOAT8 '0') THEN FLOAT8 '0' ELSE "l"."v0_1" * "l"."v0_2" END AS "c11",
  CASE WHEN CAST("l"."p_weight" AS DOUBLE PRECISION) = FLOAT8 '0' AND CAST(FLOAT8 '2' AS DOUBLE PRECISION) < FLOAT8 '0' THEN NULL WHEN CAST("l"."p_weight" AS DOUBLE PRECISION) < FLOAT8 '0' AND CAST(FLOAT8 '2' AS DOUBLE PRECISION) <> floor(CAST(FLOAT8 '2' AS DOUBLE PRECISION)) THEN NULL ELSE CASE WHEN abs(CAST("l"."p_weight" AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND abs(CAST(FLOAT8 '2' AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND greatest(least(CAST(FLOAT8 '2' AS DOUBLE PRECISION), FLOAT8 '1e+300'), FLOAT8 '-1e+300') * ln(nullif(abs(CAST("l"."p_weight" AS DOUBLE PRECISION)), FLOAT8 '0')) > FLOAT8 '709.782712893384' THEN CASE WHEN CAST("l"."p_weight" AS DOUBLE PRECISION) < FLOAT8 '0' AND CAST(FLOAT8 '2' AS DOUBLE PRECISION) / FLOAT8 '2' <> floor(CAST(FLOAT8 '2' AS DOUBLE PRECISION) / FLOAT8 '2') THEN FLOAT8 '-Infinity' ELSE FLOAT8 'Infinity' END WHEN abs(CAST("l"."p_weight" AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND abs(CAST(FLOAT8 '2' AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND greatest(least(CAST(FLOAT8 '2' AS DOUBLE PRECISION), FLOAT8 '1e+300'), FLOAT8 '-1e+300') * ln(nullif(abs(CAST("l"."p_weight" AS DOUBLE PRECISION)), FLOAT8 '0')) < FLOAT8 '-745.1332191019411' THEN FLOAT8 '0' ELSE pow(CAST("l"."p_weight" AS DOUBLE PRECISION), CAST(FLOAT8 '2' AS DOUBLE PRECISION)) END END AS "c12",
  CASE WHEN trunc("l"."p_weight") >= FLOAT8 '-9223372036854776000' AND trunc("l"."p_weight") < FLOAT8 '9223372036854776000' THEN CAST(trunc("l"."p_weight") AS BIGINT) END AS "c13",
  CAST("l"."p_size" AS DOUBLE PRECISION) AS "c14",
  CAST(EXTRACT(YEAR FROM "l"."p_date_of_birth") AS BIGINT) AS "c15",
  CAST(EXTRACT(MONTH FROM "l"."p_date_of_birth") AS BIGINT) AS "c16",
  CAST(EXTRACT(DAY FROM "l"."p_date_of_birth") AS BIGINT) AS "c17",
  CAST(date_trunc('year', CAST("l"."p_date_of_birth" AS TIMESTAMP)) AS DATE) AS "c18",
  CAST(date_trunc('month', CAST("l"."p_date_of_birth" AS TIMESTAMP)) AS DATE) AS "c19",
  CASE WHEN "l"."p_size" >= CAST(DATE '0001-01-01' - "l"."p_date_of_birth" AS BIGINT) AND "l"."p_size" <= CAST(DATE '9999-12-31' - "l"."p_date_of_birth" AS BIGINT) THEN "l"."p_date_of_birth" + CAST("l"."p_size" AS INTEGER) END AS "c20",
  CASE WHEN CAST("l"."p_size" AS BIGINT) >= 13 - (CAST(EXTRACT(YEAR FROM "l"."p_date_of_birth") AS BIGINT) * 12 + CAST(EXTRACT(MONTH FROM "l"."p_date_of_birth") AS BIGINT)) AND CAST("l"."p_size" AS BIGINT) <= 120000 - (CAST(EXTRACT(YEAR FROM "l"."p_date_of_birth") AS BIGINT) * 12 + CAST(EXTRACT(MONTH FROM "l"."p_date_of_birth") AS BIGINT)) THEN CASE WHEN CAST(EXTRACT(DAY FROM CAST("l"."p_date_of_birth" + make_interval(months => CAST(CAST("l"."p_size" AS BIGINT) AS INTEGER)) AS DATE)) AS BIGINT) = CAST(EXTRACT(DAY FROM "l"."p_date_of_birth") AS BIGINT) THEN CAST("l"."p_date_of_birth" + make_interval(months => CAST(CAST("l"."p_size" AS BIGINT) AS INTEGER)) AS DATE) ELSE CAST("l"."p_date_of_birth" + make_interval(months => CAST(CAST("l"."p_size" AS BIGINT) AS INTEGER)) AS DATE) + CAST(1 AS INTEGER) END END AS "c21",
  CASE WHEN 12 >= 13 - (CAST(EXTRACT(YEAR FROM "l"."p_date_of_birth") AS BIGINT) * 12 + CAST(EXTRACT(MONTH FROM "l"."p_date_of_birth") AS BIGINT)) AND 12 <= 120000 - (CAST(EXTRACT(YEAR FROM "l"."p_date_of_birth") AS BIGINT) * 12 + CAST(EXTRACT(MONTH FROM "l"."p_date_of_birth") AS BIGINT)) THEN CASE WHEN CAST(EXTRACT(DAY FROM CAST("l"."p_date_of_birth" + make_interval(months => CAST(12 AS INTEGER)) AS DATE)) AS BIGINT) = CAST(EXTRACT(DAY FROM "l"."p_date_of_birth") AS BIGINT) THEN CAST("l"."p_date_of_birth" + make_interval(months => CAST(12 AS INTEGER)) AS DATE) ELSE CAST("l"."p_date_of_birth" + make_interval(months => CAST(12 AS INTEGER)) AS DATE) + CAST(1 AS INTEGER) END END AS "c22",
  CAST(DATE '2020-02-29' - "l"."p_date_of_birth" AS BIGINT) AS "c23",
  12 * (CAST(EXTRACT(YEAR FROM DATE '2020-02-29') AS BIGINT) - CAST(EXTRACT(YEAR FROM "l"."p_date_of_birth") AS BIGINT)) + (CAST(EXTRACT(MONTH FROM DATE '2020-02-29') AS BIGINT) - CAST(EXTRACT(MONTH FROM "l"."p_date_of_birth") AS BIGINT)) - CASE WHEN CAST(EXTRACT(DAY FROM DATE '2020-02-29') AS BIGINT) < CAST(EXTRACT(DAY FROM "l"."p_date_of_birth") AS BIGINT) THEN 1 ELSE 0 END AS "c24",
  CAST(EXTRACT(YEAR FROM DATE '2020-02-29') AS BIGINT) - CAST(EXTRACT(YEAR FROM "l"."p_date_of_birth") AS BIGINT) - CASE WHEN CAST(EXTRACT(MONTH FROM DATE '2020-02-29') AS BIGINT) * 100 + CAST(EXTRACT(DAY FROM DATE '2020-02-29') AS BIGINT) < CAST(EXTRACT(MONTH FROM "l"."p_date_of_birth") AS BIGINT) * 100 + CAST(EXTRACT(DAY FROM "l"."p_date_of_birth") AS BIGINT) THEN 1 ELSE 0 END AS "c25",
  strpos("l"."p_sex", '%') > 0 AS "c26",
  strpos("l"."p_sex", '') > 0 AS "c27",
  strpos("l"."p_sex", (least(('e' COLLATE "C"), "l"."p_sex") COLLATE "C")) > 0 AS "c28",
  greatest("l"."p_size", 3, CAST("l"."p_size" AS BIGINT) + CAST(1 AS BIGINT)) AS "c29",
  "l"."p_sex" IN ('it''s', 'female') AS "c30",
  FALSE AS "c31",
  (CASE WHEN "l"."p_is_alive" THEN 'alive' WHEN "l"."p_weight" > FLOAT8 '2' THEN NULL ELSE 'l''autre' END COLLATE "C") AS "c32",
  CASE WHEN "l"."p_size" > 0 THEN "l"."p_weight" < FLOAT8 '3' ELSE "l"."p_is_alive" END AS "c33",
  "l"."j0_arm" AS "c34",
  "l"."j0_patient_id" IS NOT NULL AS "c35"
FROM (
SELECT "p"."patient_id" AS "patient_id",
  "p"."patient_id" AS "p_patient_id",
  ("p"."sex" COLLATE "C") AS "p_sex",
  "p"."is_alive" AS "p_is_alive",
  "p"."size" AS "p_size",
  "p"."weight" AS "p_weight",
  "p"."date_of_birth" AS "p_date_of_birth",
  ("j0"."arm" COLLATE "C") AS "j0_arm",
  "j0"."patient_id" AS "j0_patient_id",
  "p"."is_alive" OR "p"."weight" IS NULL AS "v0_0",
  CASE WHEN abs(CAST("p"."weight" AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND abs(FLOAT8 '1.5') < FLOAT8 'Infinity' AND FLOAT8 '1.5' > FLOAT8 '1.7976931348623157e+308' - greatest(CAST("p"."weight" AS DOUBLE PRECISION), FLOAT8 '0') THEN FLOAT8 'Infinity' WHEN abs(CAST("p"."weight" AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND abs(FLOAT8 '1.5') < FLOAT8 'Infinity' AND FLOAT8 '1.5' < -(FLOAT8 '1.7976931348623157e+308') - least(CAST("p"."weight" AS DOUBLE PRECISION), FLOAT8 '0') THEN FLOAT8 '-Infinity' ELSE CAST("p"."weight" AS DOUBLE PRECISION) + FLOAT8 '1.5' END AS "v0_1",
  CASE WHEN abs(CAST("p"."weight" AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND abs(-(FLOAT8 '1e-7')) < FLOAT8 'Infinity' AND -(FLOAT8 '1e-7') > FLOAT8 '1.7976931348623157e+308' - greatest(CAST("p"."weight" AS DOUBLE PRECISION), FLOAT8 '0') THEN FLOAT8 'Infinity' WHEN abs(CAST("p"."weight" AS DOUBLE PRECISION)) < FLOAT8 'Infinity' AND abs(-(FLOAT8 '1e-7')) < FLOAT8 'Infinity' AND -(FLOAT8 '1e-7') < -(FLOAT8 '1.7976931348623157e+308') - least(CAST("p"."weight" AS DOUBLE PRECISION), FLOAT8 '0') THEN FLOAT8 '-Infinity' ELSE CAST("p"."weight" AS DOUBLE PRECISION) - FLOAT8 '1e-7' END AS "v0_2"
FROM "patients" AS "p"
LEFT JOIN "inline_table" AS "j0" ON "p"."patient_id" = "j0"."patient_id"
OFFSET 0
) AS "l"
WHERE TRUE
ORDER BY "l"."patient_id" ASC NULLS FIRST;
