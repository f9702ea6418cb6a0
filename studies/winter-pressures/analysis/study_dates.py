"""When the study looks. Every definition takes its weeks from here."""

from ehrql import weeks

# The first full working week of 2022: the week that the patient measures describe.
PATIENT_WEEK = weeks(1).starting_on("2022-01-03")

# Practices are compared with themselves: the same number of weeks in winter and in summer.
WEEKS_PER_SEASON = 6
WINTER_WEEKS = weeks(WEEKS_PER_SEASON).starting_on("2022-01-03")
SUMMER_WEEKS = weeks(WEEKS_PER_SEASON).starting_on("2022-06-13")

# Appointments are followed from autumn to spring.
APPOINTMENT_WEEKS = weeks(26).starting_on("2021-10-04")

# The day that the patient-level dataset describes.
INDEX_DATE = "2022-01-03"
