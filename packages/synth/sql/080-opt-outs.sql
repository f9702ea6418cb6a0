-- Who is left out of every query unless a project may include them: a list of those who dissented, and a list of those who did
-- not opt out nationally. The names are those that the backend's filters look for.
CREATE TABLE PatientsWithTypeOneDissent AS
SELECT patient_id FROM person WHERE u(row_key(k, 80, 0), 1) < 0.04 ORDER BY patient_id;
CREATE TABLE PatientsWithoutNDOO AS
SELECT patient_id FROM person WHERE u(row_key(k, 80, 0), 2) >= 0.05 ORDER BY patient_id;
