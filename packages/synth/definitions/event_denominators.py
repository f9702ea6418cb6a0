"""Measures whose denominator is an event of the interval, with a count as a denominator."""
from ehrql import INTERVAL, create_measures, days, years
from ehrql.tables.tpp import apcs, clinical_events, patients

measures = create_measures()
spells = apcs.where(apcs.admission_date.is_during(INTERVAL)).where(apcs.primary_diagnosis.is_in(["S720", "S721", "S722"]))
last = spells.sort_by(spells.admission_date).last_for_patient()
intervals = years(3).starting_on("2018-04-01")
measures.define_measure(
    "readmitted",
    numerator=apcs.where(
        apcs.admission_date.is_on_or_between(last.discharge_date + days(1), last.discharge_date + days(30))
    ).exists_for_patient(),
    denominator=spells.exists_for_patient() & (patients.age_on(INTERVAL.start_date) >= 60),
    group_by={"sex": patients.sex},
    intervals=intervals,
)
measures.define_measure(
    "long_stays",
    numerator=spells.where((spells.discharge_date - spells.admission_date).days > 14).count_for_patient(),
    denominator=spells.count_for_patient(),
    intervals=intervals,
)
measures.define_measure(
    "bone_scan",
    numerator=clinical_events.where(clinical_events.date.is_during(INTERVAL)).exists_for_patient(),
    denominator=last.exists_for_patient(),
    intervals=intervals,
)
