"""Completed pathways with the opioids before and after."""
from ehrql import case, claim_permissions, codelist_from_csv, create_dataset, days, when
from ehrql.tables.tpp import apcs, medications, patients, wl_clockstops

claim_permissions("waiting_list")
opioids = codelist_from_csv("codelists/opioids.csv", column="code")
hips = codelist_from_csv("codelists/hip-opcs4.csv", column="code")
dataset = create_dataset()
stops = wl_clockstops.where(
    wl_clockstops.referral_to_treatment_period_end_date.is_on_or_between("2021-05-01", "2022-05-01")
    & wl_clockstops.referral_to_treatment_period_start_date.is_on_or_before(
        wl_clockstops.referral_to_treatment_period_end_date
    )
    & wl_clockstops.week_ending_date.is_on_or_between("2021-05-01", "2022-05-01")
    & wl_clockstops.waiting_list_type.is_in(["IRTT", "ORTT"])
)
last = stops.sort_by(stops.referral_to_treatment_period_start_date).last_for_patient()
start = last.referral_to_treatment_period_start_date
end = last.referral_to_treatment_period_end_date
dataset.define_population((patients.age_on("2021-05-01") >= 18) & last.exists_for_patient())
dataset.wait = (end - start).days
dataset.over_a_year = dataset.wait > 365
dataset.priority = case(
    when(last.priority_type_code.is_in(["routine"])).then("routine"),
    when(last.priority_type_code.is_in(["urgent", "two week wait"])).then("urgent"),
)
rx = medications.where(medications.dmd_code.is_in(opioids))
dataset.before = rx.where(rx.date.is_on_or_between(start - days(182), start - days(1))).count_for_patient()
dataset.while_waiting = rx.where(rx.date.is_on_or_between(start, end)).exists_for_patient()
dataset.after = rx.where(rx.date.is_on_or_between(end + days(1), end + days(182))).exists_for_patient()
spell = apcs.where(apcs.admission_date.is_on_or_between(end - days(7), end + days(7)))
dataset.hip = spell.where(spell.all_procedures.contains_any_of(hips)).exists_for_patient()
