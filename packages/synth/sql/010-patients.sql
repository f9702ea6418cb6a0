CREATE TABLE patients AS
SELECT patient_id, born AS date_of_birth, sex, died AS date_of_death FROM person;
