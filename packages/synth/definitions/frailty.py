"""A score from a decision support table, and floats computed from it."""
from ehrql import case, create_dataset, when
from ehrql.tables.tpp import decision_support_values, patients, practice_registrations

index_date = "2021-03-31"
dataset = create_dataset()
scores = decision_support_values.electronic_frailty_index()
latest = scores.where(scores.calculation_date.is_on_or_before(index_date)).sort_by(scores.calculation_date).last_for_patient()
dataset.define_population(
    (patients.age_on(index_date) >= 65)
    & practice_registrations.exists_for_patient_on(index_date)
    & latest.exists_for_patient()
)
dataset.score = latest.numeric_value
dataset.percent = latest.numeric_value * 100.0
dataset.frail = latest.numeric_value > 0.24
dataset.category = case(
    when(latest.numeric_value <= 0.12).then("fit"),
    when(latest.numeric_value <= 0.24).then("mild"),
    when(latest.numeric_value <= 0.36).then("moderate"),
    otherwise="severe",
)
