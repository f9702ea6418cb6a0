"""Who lives in a care home, by address and by code."""
from ehrql import case, create_dataset, when
from ehrql.tables.tpp import addresses, clinical_events, patients, practice_registrations

index_date = "2020-12-08"
dataset = create_dataset()
dataset.define_population(
    (patients.age_on(index_date) >= 65) & practice_registrations.exists_for_patient_on(index_date)
)
address = addresses.for_patient_on(index_date)
care_home_code = (
    clinical_events.where(clinical_events.snomedct_code.is_in(["160734000", "248171000000108", "394923006"]))
    .where(clinical_events.date.is_on_or_before(index_date))
    .exists_for_patient()
)
dataset.by_address = (
    address.care_home_is_potential_match
    & (address.care_home_requires_nursing | address.care_home_does_not_require_nursing)
).when_null_then(False)
dataset.by_code = care_home_code
dataset.care_home = dataset.by_address | dataset.by_code
dataset.kind = case(
    when(address.care_home_requires_nursing).then("nursing"),
    when(address.care_home_is_potential_match).then("residential"),
    otherwise="private",
)
dataset.msoa = address.msoa_code
dataset.imd_decile = address.imd_decile
