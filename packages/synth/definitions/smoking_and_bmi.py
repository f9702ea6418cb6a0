"""Latest recorded status of several kinds, with fallbacks."""
from ehrql import case, codelist_from_csv, create_dataset, when, years
from ehrql.tables.tpp import clinical_events, patients

index_date = "2020-03-01"
smoking = codelist_from_csv("codelists/smoking.csv", column="CTV3Code", category_column="Category")
dataset = create_dataset()
dataset.define_population((patients.age_on(index_date) >= 16) & patients.is_alive_on(index_date))
events = clinical_events.where(clinical_events.date.is_on_or_before(index_date))
recorded = events.where(events.ctv3_code.is_in(smoking))
latest = recorded.sort_by(recorded.date).last_for_patient().ctv3_code.to_category(smoking)
ever = recorded.where(recorded.ctv3_code.to_category(smoking).is_in(["S", "E"])).exists_for_patient()
dataset.smoking = case(
    when(latest == "S").then("current"),
    when((latest == "E") | ((latest == "N") & ever)).then("former"),
    when((latest == "N") & ~ever).then("never"),
    otherwise="missing",
)
dataset.ever_smoked = ever
bmi = events.where(events.snomedct_code.is_in(["60621009", "846931000000101"])).where(
    (events.numeric_value > 4.0) & (events.numeric_value < 200.0)
).where(events.date >= patients.date_of_birth + years(16))
latest_bmi = bmi.sort_by(bmi.date).last_for_patient()
dataset.bmi = latest_bmi.numeric_value
dataset.bmi_month = latest_bmi.date.to_first_of_month()
dataset.obesity = case(
    when(latest_bmi.numeric_value >= 40.0).then("III"),
    when(latest_bmi.numeric_value >= 35.0).then("II"),
    when(latest_bmi.numeric_value >= 30.0).then("I"),
    otherwise="none",
)
dataset.rounded = latest_bmi.numeric_value.as_int()
