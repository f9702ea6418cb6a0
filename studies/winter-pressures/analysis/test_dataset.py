"""Three patients made up for this file, and what dataset.py should find out about each."""

from datetime import date

from dataset import dataset

test_data = {
    # Ill in the week, seen twice in it and once the week before, treated with an antibiotic on the same day.
    1: {
        "patients": {"date_of_birth": date(1950, 4, 1), "sex": "female"},
        "practice_registrations": [
            # Moved practice: only the later registration counts.
            {
                "start_date": date(2005, 1, 1),
                "end_date": date(2015, 6, 30),
                "practice_pseudo_id": 7,
                "practice_nuts1_region_name": "London",
            },
            {
                "start_date": date(2015, 7, 1),
                "practice_pseudo_id": 12,
                "practice_nuts1_region_name": "North East",
            },
        ],
        "addresses": [
            {
                "address_id": 1,
                "start_date": date(2015, 7, 1),
                "has_postcode": True,
                "imd_rounded": 500,
                "rural_urban_classification": 6,
                "care_home_is_potential_match": False,
            }
        ],
        "clinical_events": [
            # Asthma is over, diabetes came back after it was over, chronic obstructive pulmonary disease stays.
            {"date": date(1990, 1, 1), "snomedct_code": "195967001"},
            {"date": date(2010, 1, 1), "snomedct_code": "162660004"},
            {"date": date(2000, 1, 1), "snomedct_code": "44054006"},
            {"date": date(2004, 1, 1), "snomedct_code": "315051004"},
            {"date": date(2012, 1, 1), "snomedct_code": "44054006"},
            {"date": date(2018, 1, 1), "snomedct_code": "13645005"},
            # The week: a chest infection on Tuesday, a telephone call on Thursday.
            {"date": date(2022, 1, 4), "snomedct_code": "50417007"},
            {"date": date(2022, 1, 6), "snomedct_code": "185317003"},
            # The day after the week ends doesn't count.
            {"date": date(2022, 1, 10), "snomedct_code": "6142004"},
        ],
        "medications": [
            {"date": date(2022, 1, 4), "dmd_code": "39732411000001106"},
            {"date": date(2022, 1, 7), "dmd_code": "39113611000001102"},
        ],
        "appointments": [
            {
                "booked_date": date(2021, 12, 20),
                "start_date": date(2021, 12, 29),
                "seen_date": date(2021, 12, 29),
                "status": "Finished",
            },
            {
                "booked_date": date(2022, 1, 4),
                "start_date": date(2022, 1, 4),
                "seen_date": date(2022, 1, 4),
                "status": "Finished",
            },
            {
                "booked_date": date(2021, 12, 1),
                "start_date": date(2022, 1, 9),
                "seen_date": date(2022, 1, 9),
                "status": "Arrived",
            },
        ],
        "vaccinations": [
            {"vaccination_id": 1, "date": date(2021, 10, 5), "target_disease": "INFLUENZA"},
            # Twelve months and more ago.
            {"vaccination_id": 2, "date": date(2020, 12, 31), "target_disease": "PNEUMOCOCCAL"},
        ],
        "opa_cost": [
            {
                "opa_ident": 1,
                "appointment_date": date(2022, 1, 5),
                "referral_request_received_date": date(2021, 11, 1),
                "grand_total_payment_mff": 120.5,
            }
        ],
        "expected_in_population": True,
        "expected_columns": {
            "age": 71,
            "age_band": "65-79",
            "sex": "female",
            "imd_quintile": "1 (most deprived)",
            "care_home": False,
            "region": "North East",
            "rural_urban": "rural",
            "asthma": False,
            "copd": True,
            "diabetes": True,
            "conditions": "two",
            "vaccinated_influenza": True,
            "vaccinated_covid": False,
            "vaccinated_pneumococcal": False,
            "appointments_booked": 1,
            "appointments_due": 2,
            "appointments_attended": 2,
            "appointments_not_attended": 0,
            "appointments_same_day": 1,
            "appointments_waited_over_week": 1,
            "follow_up_within_week": True,
            "consultations_face_to_face": 0,
            "consultations_remote": 1,
            "acute_respiratory": True,
            "acute_respiratory_seen_same_day": True,
            "antibiotics_respiratory": 1,
            "antibiotic_on_day_of_respiratory_event": True,
            "reliever_inhalers": 1,
            "outpatient_referrals": 0,
            "outpatient_attendances": 1,
            "respiratory_date": date(2022, 1, 4),
            "respiratory_group": "Lower respiratory infection",
            "seen_within_two_days": True,
            "outpatient_cost": 120.5,
        },
    },
    # Registered, and had nothing to do with the practice: every count is zero, not empty.
    2: {
        "patients": {"date_of_birth": date(2019, 8, 1), "sex": "male"},
        "practice_registrations": [
            {
                "start_date": date(2019, 8, 15),
                "practice_pseudo_id": 3,
                "practice_nuts1_region_name": "South West",
            }
        ],
        "addresses": [],
        "clinical_events": [],
        "medications": [],
        "appointments": [
            {
                "booked_date": date(2022, 1, 3),
                "start_date": date(2022, 1, 8),
                "status": "Did Not Attend",
            }
        ],
        "vaccinations": [],
        "opa_cost": [],
        "expected_in_population": True,
        "expected_columns": {
            "age": 2,
            "age_band": "0-4",
            "region": "South West",
            "rural_urban": "unknown",
            "care_home": False,
            "conditions": "none",
            "appointments_booked": 1,
            "appointments_due": 1,
            "appointments_attended": 0,
            "appointments_not_attended": 1,
            "follow_up_within_week": False,
            "acute_respiratory": False,
            "antibiotics_respiratory": 0,
            "respiratory_date": None,
            "respiratory_group": None,
            "seen_within_two_days": False,
            "outpatient_attendances": 0,
            "outpatient_cost": None,
        },
    },
    # Left the practice in the middle of the week.
    3: {
        "patients": {"date_of_birth": date(1988, 2, 1), "sex": "male"},
        "practice_registrations": [
            {
                "start_date": date(2010, 1, 1),
                "end_date": date(2022, 1, 5),
                "practice_pseudo_id": 5,
                "practice_nuts1_region_name": "East",
            }
        ],
        "addresses": [],
        "clinical_events": [],
        "medications": [],
        "appointments": [],
        "vaccinations": [],
        "opa_cost": [],
        "expected_in_population": False,
    },
}
