"""An admission for stroke and an emergency admission within thirty days of its discharge."""
from ehrql import codelist_from_csv, create_dataset, days
from ehrql.tables.tpp import apcs, patients
stroke = codelist_from_csv("codelists/stroke-icd10.csv", column="code")
adm = apcs.where(apcs.primary_diagnosis.is_in(stroke)).where(apcs.admission_date.is_on_or_between("2019-04-01","2020-03-31")).sort_by(apcs.admission_date).first_for_patient()
re = apcs.where((apcs.admission_date > adm.discharge_date) & (apcs.admission_date <= adm.discharge_date + days(30)) & apcs.admission_method.is_in(["21","22","23","28"])).sort_by(apcs.admission_date).first_for_patient()
dataset = create_dataset()
dataset.define_population(adm.exists_for_patient() & re.exists_for_patient())
dataset.adm = adm.admission_date
dataset.dis = adm.discharge_date
dataset.los = (adm.discharge_date - adm.admission_date).days
dataset.re = re.admission_date
dataset.re_dx = re.primary_diagnosis
dataset.crit = re.days_in_critical_care
dataset.same = re.primary_diagnosis == adm.primary_diagnosis
dataset.age = patients.age_on(adm.admission_date)
dataset.method = adm.admission_method
