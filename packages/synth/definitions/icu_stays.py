"""Long stays in critical care after a procedure."""
from ehrql import create_dataset, years
from ehrql.tables.tpp import apcs, patients

dataset = create_dataset()
stays = apcs.where(apcs.days_in_critical_care >= 7).where(apcs.admission_date.is_on_or_between("2019-01-01", "2019-12-31"))
last = stays.sort_by(stays.admission_date).last_for_patient()
dataset.define_population(stays.exists_for_patient() & (patients.age_on("2019-01-01") >= 40))
dataset.days = last.days_in_critical_care
dataset.total_days = stays.days_in_critical_care.sum_for_patient()
dataset.mean_days = stays.days_in_critical_care.mean_for_patient()
dataset.had_procedure = stays.where(stays.all_procedures.contains_any_of(["W37", "W38"])).exists_for_patient()
dataset.with_sepsis = stays.where(stays.all_diagnoses.contains("A41")).exists_for_patient()
dataset.prior = apcs.where(
    apcs.admission_date.is_on_or_between(last.admission_date - years(1), last.admission_date)
).count_for_patient()
