WITH "events_rows" AS (
SELECT "t"."patient_id" AS "patient_id",
  count(*) FILTER (WHERE "m0"."mask0" & 1 <> 0) AS "a0_n",
  count(*) FILTER (WHERE "m0"."mask0" & 2 <> 0) AS "a1_n",
  count(*) FILTER (WHERE "m0"."mask0" & 4 <> 0) AS "a2_n",
  count(*) FILTER (WHERE "m0"."mask0" & 8 <> 0) AS "a3_n"
FROM "events" AS "t"
INNER JOIN "code_masks" AS "m0" ON "t"."code" = "m0"."code"
WHERE "m0"."mask0" & 15 <> 0
GROUP BY "t"."patient_id"
)
SELECT "p"."patient_id" AS "patient_id",
  coalesce("j0"."a3_n", 0) AS "c0",
  coalesce("j0"."a2_n", 0) AS "c1",
  coalesce("j0"."a1_n", 0) AS "c2",
  coalesce("j0"."a0_n", 0) AS "c3"
FROM "patients" AS "p"
LEFT JOIN "events_rows" AS "j0" ON "p"."patient_id" = "j0"."patient_id"
WHERE "p"."date_of_birth" < DATE '2000-01-01'
ORDER BY "p"."patient_id" ASC NULLS FIRST