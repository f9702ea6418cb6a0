"""Who lives together, and in how large a household."""
from ehrql import case, create_dataset, when
from ehrql.tables.tpp import addresses, household_memberships_2020, patients, practice_registrations

index_date = "2020-02-01"
dataset = create_dataset()
home = household_memberships_2020
dataset.define_population(
    practice_registrations.exists_for_patient_on(index_date)
    & (home.household_size >= 2)
    & (home.household_size <= 15)
    & home.household_pseudo_id.is_not_null()
)
dataset.household = home.household_pseudo_id
dataset.size = home.household_size
dataset.is_large = home.household_size > 6
dataset.kind = case(when(home.household_size == 2).then("couple"), when(home.household_size <= 5).then("family"), otherwise="large")
dataset.imd = addresses.for_patient_on(index_date).imd_rounded
dataset.is_deprived = addresses.for_patient_on(index_date).imd_rounded < 32844 // 5
dataset.age = patients.age_on(index_date)
