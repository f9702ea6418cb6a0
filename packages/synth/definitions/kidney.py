"""A registry table, numbers with units, division and rounding."""
from ehrql import case, claim_permissions, create_dataset, when
from ehrql.tables.tpp import clinical_events, patients, ukrr

claim_permissions("ukrr")
index_date = "2021-12-31"
dataset = create_dataset()
creatinine = clinical_events.where(clinical_events.snomedct_code == "1000731000000107").where(
    (clinical_events.numeric_value >= 20.0) & (clinical_events.numeric_value <= 3000.0)
)
latest = creatinine.sort_by(creatinine.date).last_for_patient().numeric_value
dataset.define_population((patients.age_on(index_date) >= 18) & latest.is_not_null())
mgdl = latest / 88.4
minimum = case(when(mgdl / 0.7 < 1.0).then(mgdl / 0.7), otherwise=1.0)
age = patients.age_on(index_date)
egfr = (minimum**-0.329) * 141.0 * (age.as_float() / 50.0)
dataset.mgdl = mgdl
dataset.egfr = egfr
dataset.stage = case(when(egfr < 15.0).then("5"), when(egfr < 60.0).then("3-4"), otherwise="1-2")
dataset.on_dialysis = ukrr.where((ukrr.dataset == "2021_prevalence") & (ukrr.treatment_modality_prevalence == "ICHD")).exists_for_patient()
