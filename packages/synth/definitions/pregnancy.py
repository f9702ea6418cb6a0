"""Women of child-bearing age with a delivery after a booking."""
from ehrql import create_dataset, days, maximum_of, weeks
from ehrql.tables.tpp import apcs, clinical_events, patients, practice_registrations

dataset = create_dataset()
deliveries = clinical_events.where(clinical_events.snomedct_code.is_in(["236973005", "169826009", "11466000"])).where(
    clinical_events.date.is_on_or_between("2021-01-01", "2021-12-31")
)
delivery = deliveries.sort_by(deliveries.date).last_for_patient()
bookings = clinical_events.where(clinical_events.snomedct_code.is_in(["169600002", "386322007"])).where(
    clinical_events.date.is_on_or_between(delivery.date - weeks(42), delivery.date - weeks(4))
)
booking = bookings.sort_by(bookings.date).first_for_patient()
age = patients.age_on(delivery.date)
dataset.define_population(
    (patients.sex == "female")
    & (age >= 14)
    & (age < 50)
    & delivery.exists_for_patient()
    & booking.exists_for_patient()
    & practice_registrations.spanning(booking.date, delivery.date).exists_for_patient()
)
dataset.age = age
dataset.weeks = (delivery.date - booking.date).weeks
dataset.conception = booking.date - weeks(8)
dataset.in_hospital = apcs.where(apcs.admission_date.is_on_or_between(delivery.date - days(2), delivery.date)).exists_for_patient()
dataset.last_seen = maximum_of(delivery.date, clinical_events.date.maximum_for_patient())
