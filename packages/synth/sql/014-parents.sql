-- Some people's mothers are patients too: women between 18 and 42 years older, spread over those born about then.
CREATE TABLE parents AS
WITH woman AS (
  SELECT patient_id AS mother_id, born, row_number() OVER (ORDER BY born, patient_id) AS place
  FROM person WHERE sex = 'female'
), at_birth AS (
  SELECT born, max(place) AS place FROM woman GROUP BY born
), child AS (
  SELECT patient_id, k, born - (365.25 * (18 + 24 * (u(k, 21) + u(k, 22)) / 2))::INTEGER AS mother_born
  FROM person WHERE u(k, 23) < 0.5
), matched AS (
  SELECT child.patient_id, at_birth.place - floor(u(child.k, 24) * 0.002 * patients())::BIGINT AS place
  FROM child ASOF JOIN at_birth ON child.mother_born >= at_birth.born
)
SELECT patient_id, mother_id FROM matched JOIN woman USING (place) ORDER BY patient_id;
