# Figures of the patient and practice measures, and how winter compares with summer.
#
# Reads   output/patient_measures/processed_patient_measures.csv.gz
#         output/practice_measures/processed_practice_measures.csv.gz
# Writes  output/patient_measures/*.png, output/practice_measures/*.png
#         output/total_measures/total_measures.csv   each measure in winter and in summer, over all practices
#         output/total_measures/weekly_measures.csv  each measure week by week
#
# Everything written here may be looked at, so every count is suppressed and rounded first and rates come from the
# rounded counts. Practices are never shown one by one.

source("analysis/plot_style.r")

FEWEST_PRACTICES <- 10

winter_reasons <- c(
  "upper_respiratory_infection", "lower_respiratory_infection", "influenza", "covid",
  "respiratory_symptoms", "asthma_exacerbation"
)
workload_measures <- c(
  "appointments_attended", "appointments_same_day", "appointments_not_attended", "acute_respiratory",
  "antibiotics_respiratory", "consultations_remote"
)
condition_groups <- c(
  "asthma", "copd", "diabetes", "hypertension", "atrial_fibrillation", "depression",
  "chronic_kidney_disease", "serious_mental_illness", "obesity"
)

# Read ----------------------------------------------------------------------------------------------------------------

patients <- read_csv(
  "output/patient_measures/processed_patient_measures.csv.gz",
  col_types = cols(
    .default = col_double(), measure = col_character(), group = col_character(), level = col_character()
  )
) |>
  mutate(numerator = suppress(numerator), denominator = suppress(denominator), rate = 1000 * numerator / denominator) |>
  filter(!is.na(rate)) |>
  mutate(
    lower = 1000 * qchisq(0.025, 2 * numerator) / 2 / denominator,
    upper = 1000 * qchisq(0.975, 2 * numerator + 2) / 2 / denominator
  )

practices <- read_csv(
  "output/practice_measures/processed_practice_measures.csv.gz",
  col_types = cols(
    measure = col_character(), season = col_character(), interval_start = col_date(),
    practice = col_character(), region = col_character(), .default = col_double()
  )
) |>
  mutate(season = factor(season, levels = c("winter", "summer")))

# How patients differ -------------------------------------------------------------------------------------------------

patients |>
  filter(group == "age_band", measure %in% winter_reasons) |>
  mutate(
    level = factor(level, levels = c("0-4", "5-17", "18-39", "40-64", "65-79", "80+")),
    measure = factor(readable(measure), levels = readable(winter_reasons))
  ) |>
  save_figure(function(data) {
    ggplot(data, aes(level, rate, ymin = lower, ymax = upper)) +
      geom_col(fill = colours[["winter"]], width = 0.7) +
      geom_errorbar(width = 0.25, colour = "grey20") +
      facet_wrap(~measure, scales = "free_y", ncol = 3) +
      labs(
        title = "Winter reasons for contact by age",
        subtitle = "Patients with at least one code in the week of 3 January 2022, per 1,000 registered",
        x = NULL, y = NULL,
        caption = "Lines: exact 95% intervals. Counts of seven or fewer suppressed, others rounded to the nearest five."
      ) +
      theme_study
  }, "output/patient_measures/winter_reasons_by_age.png")

patients |>
  filter(group == "imd_quintile", level != "unknown", measure %in% workload_measures) |>
  mutate(level = substr(level, 1, 1), measure = factor(readable(measure), levels = readable(workload_measures))) |>
  save_figure(function(data) {
    ggplot(data, aes(level, rate, ymin = lower, ymax = upper)) +
      geom_pointrange(colour = colours[["winter"]]) +
      facet_wrap(~measure, scales = "free_y", ncol = 3) +
      scale_y_continuous(limits = c(0, NA)) +
      labs(
        title = "Workload by deprivation",
        subtitle = "Per 1,000 registered patients in the week of 3 January 2022",
        x = "Quintile of the Index of Multiple Deprivation (1 is most deprived)", y = NULL,
        caption = "Lines: exact 95% intervals. Counts of seven or fewer suppressed, others rounded to the nearest five."
      ) +
      theme_study
  }, "output/patient_measures/workload_by_deprivation.png")

# Each condition: the rate among those who have it over the rate among those who don't.
with_condition <- patients |> filter(group %in% condition_groups, level == "T")
without_condition <- patients |> filter(group %in% condition_groups, level == "F")
inner_join(with_condition, without_condition, by = c("measure", "group"), suffix = c("_with", "_without")) |>
  filter(measure %in% workload_measures) |>
  mutate(
    ratio = rate_with / rate_without,
    error = sqrt(1 / numerator_with + 1 / numerator_without),
    lower = ratio * exp(-1.96 * error),
    upper = ratio * exp(1.96 * error),
    condition = readable(group),
    measure = factor(readable(measure), levels = readable(workload_measures))
  ) |>
  save_figure(function(data) {
    ggplot(data, aes(ratio, reorder(condition, ratio), xmin = lower, xmax = upper)) +
      geom_vline(xintercept = 1, colour = "grey60") +
      geom_pointrange(colour = colours[["winter"]], size = 0.35) +
      facet_wrap(~measure, ncol = 3) +
      scale_x_log10(labels = function(x) format(x, drop0trailing = TRUE, trim = TRUE)) +
      labs(
        title = "Workload of patients with long-term conditions",
        subtitle = "Rate among patients with the condition over the rate among those without, week of 3 January 2022",
        x = "Rate ratio (logarithmic scale)", y = NULL,
        caption = "Lines: 95% intervals. Not adjusted for age. Counts suppressed and rounded as in the other figures."
      ) +
      theme_study
  }, "output/patient_measures/workload_by_condition.png", height = 7)

# How the seasons differ ----------------------------------------------------------------------------------------------

totals <- practices |>
  group_by(measure, season) |>
  summarise(
    numerator = suppress(sum(numerator)), denominator = suppress(sum(denominator)),
    practices = n_distinct(practice), .groups = "drop"
  ) |>
  mutate(rate = 1000 * numerator / denominator)

# One pair per practice: its mean weekly rate in either season. Wilcoxon's signed rank test asks whether practices
# tend to move in one direction, without assuming how their rates are distributed.
pair_of_seasons <- practices |>
  filter(denominator > 0) |>
  group_by(measure, practice, season) |>
  summarise(rate = 1000 * sum(numerator) / sum(denominator), .groups = "drop")
pair_of_seasons <- inner_join(
  pair_of_seasons |> filter(season == "winter") |> select(measure, practice, winter = rate),
  pair_of_seasons |> filter(season == "summer") |> select(measure, practice, summer = rate),
  by = c("measure", "practice")
)
signed_rank <- function(winter, summer) {
  if (sum(winter != summer) < FEWEST_PRACTICES) return(NA_real_)
  suppressWarnings(wilcox.test(winter, summer, paired = TRUE, exact = FALSE)$p.value)
}
tests <- pair_of_seasons |>
  group_by(measure) |>
  summarise(practices_compared = n(), p_value = signed_rank(winter, summer), .groups = "drop") |>
  mutate(p_adjusted = p.adjust(p_value, method = "BH"))

seasons <- full_join(
  totals |> filter(season == "winter") |>
    select(measure, practices, numerator_winter = numerator, denominator_winter = denominator, rate_winter = rate),
  totals |> filter(season == "summer") |>
    select(measure, numerator_summer = numerator, denominator_summer = denominator, rate_summer = rate),
  by = "measure"
) |>
  left_join(tests, by = "measure") |>
  mutate(ratio = rate_winter / rate_summer) |>
  arrange(measure)

dir.create("output/total_measures", recursive = TRUE, showWarnings = FALSE)
seasons |>
  mutate(across(c(rate_winter, rate_summer, ratio), ~ round(.x, 3)), across(starts_with("p_"), ~ signif(.x, 3))) |>
  write_csv("output/total_measures/total_measures.csv", na = "")

weekly <- practices |>
  group_by(measure, season, interval_start) |>
  summarise(numerator = suppress(sum(numerator)), denominator = suppress(sum(denominator)), .groups = "drop") |>
  mutate(rate = round(1000 * numerator / denominator, 3))
write_csv(weekly, "output/total_measures/weekly_measures.csv", na = "")

seasons |>
  filter(!is.na(ratio), is.finite(ratio), ratio > 0, !startsWith(measure, "list_")) |>
  mutate(
    error = sqrt(1 / numerator_winter + 1 / numerator_summer),
    lower = ratio * exp(-1.96 * error), upper = ratio * exp(1.96 * error),
    verdict = case_when(
      is.na(p_adjusted) ~ "too few practices to test",
      p_adjusted < 0.05 & ratio > 1 ~ "higher in winter",
      p_adjusted < 0.05 ~ "higher in summer",
      TRUE ~ "no clear difference"
    )
  ) |>
  save_figure(function(data) {
    shades <- c(
      "higher in winter" = colours[["winter"]], "higher in summer" = colours[["summer"]],
      "no clear difference" = "grey45", "too few practices to test" = "grey75"
    )
    ggplot(data, aes(ratio, reorder(readable(measure), ratio), xmin = lower, xmax = upper, colour = verdict)) +
      geom_vline(xintercept = 1, colour = "grey60") +
      geom_pointrange(size = 0.3) +
      scale_colour_manual(values = shades) +
      scale_x_log10(labels = function(x) format(x, drop0trailing = TRUE, trim = TRUE)) +
      labs(
        title = "Winter over summer",
        subtitle = "Rate in six weeks from 3 January 2022 over the rate in six weeks from 13 June 2022",
        x = "Rate ratio (logarithmic scale)", y = NULL,
        caption = paste(
          "Lines: 95% intervals of the ratio. Colour: Wilcoxon's signed rank test over practices,",
          "corrected for the number of measures (Benjamini-Hochberg, 5%)."
        )
      ) +
      theme_study
  }, "output/practice_measures/winter_over_summer.png", height = 9)

weekly |>
  filter(measure %in% workload_measures, !is.na(rate)) |>
  mutate(
    first_week = as.Date(if_else(season == "winter", "2022-01-03", "2022-06-13")),
    week = as.integer(interval_start - first_week) %/% 7 + 1
  ) |>
  mutate(measure = factor(readable(measure), levels = readable(workload_measures))) |>
  save_figure(function(data) {
    ggplot(data, aes(week, rate, colour = season)) +
      geom_line(linewidth = 0.8) +
      geom_point(size = 1.6) +
      facet_wrap(~measure, scales = "free_y", ncol = 3) +
      scale_colour_manual(values = colours) +
      scale_x_continuous(breaks = 1:12) +
      scale_y_continuous(limits = c(0, NA)) +
      labs(
        title = "Week by week",
        subtitle = "Per 1,000 registered patients; week 1 is 3 January 2022 in winter and 13 June 2022 in summer",
        x = "Week", y = NULL, caption = "Counts of seven or fewer suppressed, others rounded to the nearest five."
      ) +
      theme_study
  }, "output/practice_measures/week_by_week.png")

# How practices differ: the middle half and the middle four fifths of them, never a single one.
practices |>
  filter(measure %in% workload_measures, denominator > 0) |>
  group_by(measure, season, practice) |>
  summarise(rate = 1000 * sum(numerator) / sum(denominator), .groups = "drop") |>
  group_by(measure, season) |>
  filter(n() >= FEWEST_PRACTICES) |>
  summarise(
    p10 = quantile(rate, 0.1), p25 = quantile(rate, 0.25), p50 = median(rate),
    p75 = quantile(rate, 0.75), p90 = quantile(rate, 0.9), .groups = "drop"
  ) |>
  mutate(measure = factor(readable(measure), levels = readable(workload_measures))) |>
  save_figure(function(data) {
    ggplot(data, aes(season, colour = season)) +
      geom_linerange(aes(ymin = p10, ymax = p90), linewidth = 1) +
      geom_linerange(aes(ymin = p25, ymax = p75), linewidth = 5) +
      geom_point(aes(y = p50), colour = "white", size = 1.5) +
      facet_wrap(~measure, scales = "free_y", ncol = 3) +
      scale_colour_manual(values = colours) +
      scale_y_continuous(limits = c(0, NA)) +
      labs(
        title = "How much practices vary",
        subtitle = "Mean weekly rate of each practice per 1,000 registered patients",
        x = NULL, y = NULL,
        caption = "Point: median practice. Thick line: middle half of practices. Thin line: middle four fifths."
      ) +
      theme_study +
      theme(legend.position = "none")
  }, "output/practice_measures/variation_between_practices.png")
