"""A cohort between two dates that the command gives, by default a year."""
from argparse import ArgumentParser

from ehrql import create_dataset
from ehrql.tables.tpp import clinical_events, patients

parser = ArgumentParser()
parser.add_argument("--start-date", default="2019-09-01")
parser.add_argument("--end-date", default="2020-08-31")
args = parser.parse_args()
dataset = create_dataset()
coded = clinical_events.where(clinical_events.date.is_on_or_between(args.start_date, args.end_date)).where(
    clinical_events.snomedct_code.is_in(["73595000", "48694002"])
)
dataset.define_population(coded.exists_for_patient() & (patients.age_on(args.start_date) >= 11) & (patients.age_on(args.start_date) <= 25))
dataset.events = coded.count_for_patient()
dataset.again = coded.where(coded.date > coded.date.minimum_for_patient()).exists_for_patient()
dataset.year = coded.date.maximum_for_patient().year
dataset.month = coded.date.maximum_for_patient().month
