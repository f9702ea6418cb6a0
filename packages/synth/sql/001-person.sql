-- One row a person: what the other statements draw from. `k` is the person's key; every value is a hash of a key and a
-- small number, never random(), so that rows don't depend on threads. Weights are whole numbers: a sum of floats would
-- depend on the order of addition.
CREATE TEMP TABLE person AS
WITH keyed AS (
  SELECT p::BIGINT AS patient_id, hash(xor(hash(p::BIGINT), seed_key())) AS k
  FROM range(1, patients() + 1) AS t(p)
), aged AS (
  SELECT patient_id, k, u(k, 1) AS a,
    CASE
      WHEN a < 0.112 THEN 10 * a / 0.112
      WHEN a < 0.230 THEN 10 + 10 * (a - 0.112) / 0.118
      WHEN a < 0.360 THEN 20 + 10 * (a - 0.230) / 0.130
      WHEN a < 0.500 THEN 30 + 10 * (a - 0.360) / 0.140
      WHEN a < 0.630 THEN 40 + 10 * (a - 0.500) / 0.130
      WHEN a < 0.765 THEN 50 + 10 * (a - 0.630) / 0.135
      WHEN a < 0.872 THEN 60 + 10 * (a - 0.765) / 0.107
      WHEN a < 0.955 THEN 70 + 10 * (a - 0.872) / 0.083
      WHEN a < 0.990 THEN 80 + 10 * (a - 0.955) / 0.035
      ELSE 90 + 14 * (a - 0.990) / 0.010
    END AS age
  FROM keyed
), born AS (
  SELECT patient_id, k, age,
    date_trunc('month', last_day() - (age * 365.25)::INTEGER)::DATE AS born,
    CASE
      WHEN u(k, 2) < 0.4985 THEN 'female'
      WHEN u(k, 2) < 0.9984 THEN 'male'
      WHEN u(k, 2) < 0.9989 THEN 'intersex'
      ELSE 'unknown'
    END AS sex,
    u(k, 3) < 0.0007 * exp(0.068 * age) AS dies
  FROM aged
), lived AS (
  SELECT *,
    greatest(born, first_day()) AS from_day,
    CASE WHEN dies THEN greatest(born, first_day()) + floor(u(k, 4) * (last_day() - greatest(born, first_day())))::INTEGER END
      AS died
  FROM born
), weighed AS (
  SELECT *,
    coalesce(died, last_day()) AS to_day,
    least(60.0, exp(0.8 * normal(k, 5)))
      * CASE WHEN age < 5 THEN 1.1 ELSE 0.45 + 0.018 * age END
      * (coalesce(died, last_day()) - from_day + 20) / (last_day() - first_day()) AS activity
  FROM lived
), weights AS (
  SELECT *,
    (activity * 1000)::BIGINT AS event_weight,
    (activity * greatest(0.05, age - 8) * exp(0.7 * normal(k, 7)) * 10)::BIGINT AS prescription_weight,
    (activity * exp(0.4 * normal(k, 9)) * 1000)::BIGINT AS appointment_weight
  FROM weighed
), totals AS (
  SELECT sum(event_weight) AS events, sum(prescription_weight) AS prescriptions, sum(appointment_weight) AS appointments
  FROM weights
)
SELECT patient_id, k, age, born, sex, died, from_day, to_day, activity,
  least(1500, floor(20.0 * patients() * event_weight / greatest(1, events) + u(k, 11)))::BIGINT AS n_events,
  least(1500, floor(12.0 * patients() * prescription_weight / greatest(1, prescriptions) + u(k, 12)))::BIGINT
    AS n_prescriptions,
  least(600, floor(7.0 * patients() * appointment_weight / greatest(1, appointments) + u(k, 13)))::BIGINT AS n_appointments,
  floor(u(k, 14) * 65536)::BIGINT AS home_slot
FROM weights, totals
ORDER BY patient_id;
