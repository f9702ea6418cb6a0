"""People with several separate episodes."""
from ehrql import create_dataset, days
from ehrql.tables.tpp import clinical_events

asthma_attacks = clinical_events.where(clinical_events.snomedct_code == "281239006")
dataset = create_dataset()
dataset.define_population(asthma_attacks.date.count_episodes_for_patient(days(14)) >= 3)
dataset.attacks = asthma_attacks.count_for_patient()
dataset.episodes = asthma_attacks.date.count_episodes_for_patient(days(14))
dataset.many = dataset.episodes > 3
