// What columns usually hold where neither the facts of their table nor the definition say: so that made-up records look like
// records. Numbers lean towards the low end of their range, as costs and days in hospital do.

const covid = [
  'COVID-19 mRNA Vaccine Comirnaty 30micrograms/0.3ml dose conc for susp for inj MDV (Pfizer)',
  'COVID-19 Vaccine Vaxzevria 0.5ml inj multidose vials (AstraZeneca)',
  'COVID-19 mRNA Vaccine Spikevax (nucleoside modified) 0.1mg/0.5mL dose disp for inj MDV (Moderna)',
];
const specialties = ['100', '101', '110', '120', '130', '300', '301', '320', '330', '340', '410', '502'];
const modalities = ['ICHD', 'HHD', 'PD', 'Tx'];
const regions = ['East of England', 'London', 'Midlands', 'North East and Yorkshire', 'North West', 'South East'];
const referral = ['01', '03', '04', '05', '06', '07', '10', '11', '97'];

const texts: Readonly<Record<string, readonly string[]>> = {
  'apcs.discharge_destination': ['19', '19', '19', '29', '51', '54', '79'],
  'apcs.discharge_method': ['1', '1', '1', '2', '4'],
  'apcs.spell_core_hrg_sus': ['DZ11K', 'EB03B', 'FD10A', 'LA07H', 'WH08C', 'AA23D', 'PF26B'],
  'apcs.admission_method': ['11', '12', '13', '21', '21', '22', '28', '2A', '31', '81'],
  'apcs.patient_classification': ['1', '1', '2', '3', '5'],
  'covid_therapeutics.intervention': [
    'Paxlovid',
    'Sotrovimab',
    'Molnupiravir',
    'Remdesivir',
    'Casirivimab and imdevimab',
  ],
  'covid_therapeutics.region': [...regions, 'South West'],
  'covid_therapeutics.risk_cohort': ['renal disease', 'liver disease', 'solid cancer', 'IMID', 'Downs syndrome'],
  'decision_support_values.algorithm_description': ['UK Electronic Frailty Index (eFI)'],
  'decision_support_values.algorithm_version': ['1.0'],
  'opa.treatment_function_code': specialties,
  'sgss_covid_all_tests.variant': ['VOC-20DEC-01', 'VOC-21APR-02', 'VOC-21NOV-01', 'No VOC detected'],
  'ukrr.renal_centre': ['RCSLB0', 'RHW01', 'RJ121', 'RRK02', 'RWE00'],
  'ukrr.treatment_modality_start': modalities,
  'ukrr.treatment_modality_prevalence': modalities,
  'vaccinations.target_disease': [
    'SARS-2 CORONAVIRUS',
    'INFLUENZA',
    'PNEUMOCOCCAL',
    'SHINGLES',
    'MEASLES, MUMPS, RUBELLA',
  ],
  'vaccinations.product_name': covid,
  'wl_clockstops.activity_treatment_function_code': specialties,
  'wl_clockstops.source_of_referral_for_outpatients': referral,
  'wl_openpathways.activity_treatment_function_code': specialties,
  'wl_openpathways.source_of_referral': referral,
};

interface Range {
  readonly low: number;
  readonly high: number;
}

const numbers: Readonly<Record<string, Range>> = {
  'apcs.days_in_critical_care': { low: 0, high: 12 },
  'apcs_cost.grand_total_payment_mff': { low: 150, high: 9000 },
  'apcs_cost.tariff_initial_amount': { low: 150, high: 9000 },
  'apcs_cost.tariff_total_payment': { low: 150, high: 9000 },
  'ec_cost.grand_total_payment_mff': { low: 80, high: 600 },
  'ec_cost.tariff_total_payment': { low: 80, high: 600 },
  'opa_cost.grand_total_payment_mff': { low: 40, high: 500 },
  'opa_cost.tariff_opp': { low: 40, high: 500 },
  'opa_cost.tariff_total_payment': { low: 40, high: 500 },
  'decision_support_values.numeric_value': { low: 0, high: 0.5 },
  'household_memberships_2020.household_size': { low: 1, high: 9 },
  'clinical_events_ranges.lower_bound': { low: 1, high: 60 },
  'clinical_events_ranges.upper_bound': { low: 60, high: 200 },
  'ukrr.latest_creatinine': { low: 60, high: 900 },
  'ukrr.latest_egfr': { low: 4, high: 90 },
};

/** @param key see `columnKey` */
export const usualTexts = (key: string): readonly string[] | undefined => texts[key];

export const usualRange = (key: string): Range | undefined => numbers[key];
