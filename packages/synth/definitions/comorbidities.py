"""Forty conditions, each ever and recent, in one dataset."""
from ehrql import codelist_from_csv, create_dataset, years
from ehrql.tables.tpp import clinical_events, medications, patients, practice_registrations

index_date = "2020-12-01"
dataset = create_dataset()
dataset.define_population(
    (patients.age_on(index_date) >= 50) & practice_registrations.exists_for_patient_on(index_date)
)
events = clinical_events.where(clinical_events.date.is_on_or_before(index_date))
codelists = [codelist_from_csv(f"codelists/{name}.csv", column="code") for name in ("asthma", "copd", "diabetes", "cancer")]
codelists += [[str(38341003 + 1301 * n + 77 * m) for m in range(3 + n % 5)] for n in range(16)]
for number, codes in enumerate(codelists):
    rows = events.where(events.snomedct_code.is_in(codes))
    setattr(dataset, f"condition_{number}", rows.exists_for_patient())
    setattr(dataset, f"condition_{number}_date", rows.sort_by(rows.date).last_for_patient().date)
recent = medications.where(medications.date.is_on_or_between("2020-09-01", index_date))
for number in range(8):
    codes = [str(319283006 + 911 * number + 13 * m) for m in range(6)]
    setattr(dataset, f"medicine_{number}", recent.where(recent.dmd_code.is_in(codes)).count_for_patient() >= 2)
dataset.configure_dummy_data(population_size=1000)
