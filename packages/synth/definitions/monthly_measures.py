"""Monthly prescribing among people on a register, by deprivation, ethnicity and region."""
from ehrql import INTERVAL, codelist_from_csv, create_measures, months
from ehrql.tables.tpp import addresses, clinical_events, medications, patients, practice_registrations

asthma = codelist_from_csv("codelists/asthma.csv", column="code")
ethnicity_codes = codelist_from_csv("codelists/ethnicity.csv", column="Code", category_column="Grouping_6")
medicines = ["39113311000001107", "35936511000001108"]
measures = create_measures()
measures.configure_dummy_data(population_size=1000)
measures.configure_disclosure_control(enabled=False)
prior = clinical_events.where(clinical_events.date.is_on_or_before(INTERVAL.end_date))
on_register = prior.where(prior.snomedct_code.is_in(asthma)).exists_for_patient()
rx = medications.where(medications.date.is_during(INTERVAL)).where(medications.dmd_code.is_in(medicines))
ethnicity = (
    clinical_events.where(clinical_events.snomedct_code.is_in(ethnicity_codes))
    .sort_by(clinical_events.date)
    .last_for_patient()
    .snomedct_code.to_category(ethnicity_codes)
)
denominator = on_register & practice_registrations.exists_for_patient_on(INTERVAL.start_date) & patients.is_alive_on(INTERVAL.start_date)
intervals = months(24).starting_on("2021-01-01")
for name, series in {
    "imd": addresses.for_patient_on(INTERVAL.start_date).imd_quintile,
    "ethnicity": ethnicity,
    "region": practice_registrations.for_patient_on(INTERVAL.start_date).practice_nuts1_region_name,
    "sex": patients.sex,
}.items():
    measures.define_measure(
        f"prescribed_by_{name}",
        numerator=rx.exists_for_patient(),
        denominator=denominator,
        group_by={name: series},
        intervals=intervals,
    )
measures.define_measure("items", numerator=rx.count_for_patient(), denominator=denominator, group_by={}, intervals=intervals)
