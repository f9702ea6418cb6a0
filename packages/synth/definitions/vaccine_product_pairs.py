"""Two doses of the same named product in narrow windows, as in comparisons of vaccines."""
from ehrql import claim_permissions, create_dataset, days
from ehrql.tables.tpp import patients, vaccinations, occupation_on_covid_vaccine_record, practice_registrations

claim_permissions("occupation_on_covid_vaccine_record")
products = {
    "pf": "COVID-19 mRNA Vaccine Comirnaty 30micrograms/0.3ml dose conc for susp for inj MDV (Pfizer)",
    "az": "COVID-19 Vaccine Vaxzevria 0.5ml inj multidose vials (AstraZeneca)",
}
dataset = create_dataset()
doses = {}
for key, product in products.items():
    rows = vaccinations.where(vaccinations.product_name == product).where(
        vaccinations.date.is_on_or_between("2021-01-04", "2021-02-28")
    )
    doses[key] = rows.sort_by(rows.date).first_for_patient()
is_pf, is_az = (doses[key].exists_for_patient() for key in ("pf", "az"))
second_pf = vaccinations.where(vaccinations.product_name == products["pf"]).where(
    vaccinations.date.is_on_or_between(doses["pf"].date + days(70), doses["pf"].date + days(84))
)
dataset.define_population(
    ((is_pf & ~is_az) | (is_az & ~is_pf))
    & (patients.age_on("2021-01-04") >= 18)
    & (patients.age_on("2021-01-04") < 65)
    & practice_registrations.exists_for_patient_on("2021-01-04")
)
dataset.pfizer = is_pf
dataset.first_date = doses["pf"].date.when_null_then(doses["az"].date)
dataset.has_second_pfizer = second_pf.exists_for_patient()
dataset.health_worker = occupation_on_covid_vaccine_record.where(
    occupation_on_covid_vaccine_record.is_healthcare_worker
).exists_for_patient()
