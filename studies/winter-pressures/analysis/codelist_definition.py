"""Every codelist of the study, read once. The files are described in codelists/README.md."""

from ehrql import codelist_from_csv


def codes(name):
    """The codes of codelists/wp-<name>.csv."""
    return codelist_from_csv(f"codelists/wp-{name}.csv", column="code")


# Long-term conditions: codes that record the condition, and codes that record that it is over.
# Chronic kidney disease counts as over when stage 1 or 2 was recorded later, obesity when a lower body mass index was.
conditions = {
    name: (codes(name), codes(f"{name}-resolved"))
    for name in [
        "asthma",
        "copd",
        "diabetes",
        "hypertension",
        "atrial-fibrillation",
        "depression",
        "chronic-kidney-disease",
        "serious-mental-illness",
        "obesity",
    ]
}

# Reasons for contact that rise in winter.
upper_respiratory_codes = codes("upper-respiratory-infection")
lower_respiratory_codes = codes("lower-respiratory-infection")
bronchiolitis_codes = codes("bronchiolitis")
pneumonia_codes = codes("pneumonia")
influenza_codes = codes("influenza")
covid_codes = codes("covid")
respiratory_symptom_codes = codes("respiratory-symptoms")
asthma_exacerbation_codes = codes("asthma-exacerbation")
copd_exacerbation_codes = codes("copd-exacerbation")

# Any acute respiratory illness, with the group that each code belongs to.
acute_respiratory_groups = codelist_from_csv(
    "codelists/wp-acute-respiratory.csv", column="code", category_column="group"
)
acute_respiratory_codes = list(acute_respiratory_groups)

# Reasons that should not follow the season: they tell a busier service from a sicker population.
back_pain_codes = codes("back-pain")
urinary_tract_infection_codes = codes("urinary-tract-infection")
gastroenteritis_codes = codes("gastroenteritis")

# How the contact took place.
face_to_face_codes = codes("consultation-face-to-face")
remote_codes = codes("consultation-remote")
home_visit_codes = codes("consultation-home-visit")

# Prescriptions.
antibiotic_codes = {
    "penicillins": codes("antibiotics-penicillins"),
    "coamoxiclav": codes("antibiotics-coamoxiclav"),
    "macrolides": codes("antibiotics-macrolides"),
    "tetracyclines": codes("antibiotics-tetracyclines"),
}
urinary_antibiotic_codes = codes("antibiotics-urinary")
reliever_inhaler_codes = codes("reliever-inhalers")
oral_prednisolone_codes = codes("oral-prednisolone")
antihistamine_codes = codes("antihistamines")
