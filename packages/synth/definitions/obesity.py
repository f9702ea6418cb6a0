"""Body mass by its last measured value."""
from ehrql import case, create_dataset, when
from ehrql.tables.tpp import clinical_events as ev, patients
bmi = ev.where(ev.ctv3_code.is_in(["22K..","22K.."])).where(ev.date.is_on_or_between("2017-01-01","2022-01-01")).where((ev.numeric_value > 4.0) & (ev.numeric_value < 200.0)).sort_by(ev.date).last_for_patient()
height = ev.where(ev.ctv3_code == "229..").where(ev.numeric_value > 0.5).sort_by(ev.date).last_for_patient()
weight = ev.where(ev.ctv3_code == "22A..").sort_by(ev.date).last_for_patient()
dataset = create_dataset()
dataset.define_population((bmi.numeric_value >= 30.0) & (patients.age_on(bmi.date) >= 16))
dataset.bmi = bmi.numeric_value
dataset.bmi_date = bmi.date
dataset.cat = case(when(bmi.numeric_value < 35).then("Obese I"), when(bmi.numeric_value < 40).then("Obese II"), otherwise="Obese III")
dataset.calc = weight.numeric_value / (height.numeric_value * height.numeric_value)
dataset.age = patients.age_on(bmi.date)
