# Figures of appointments by status, week and way of dating.
#
# Reads   output/appointments/app_measures.csv, whose small numbers are suppressed and whose others are rounded
# Writes  output/appointments/*.png

source("analysis/plot_style.r")

ways <- c(
  booked = "Day it was booked", start = "Day it was due", seen = "Day the patient was seen",
  seen_or_start = "Day seen, else day due"
)
# Statuses that say much the same are drawn together.
kinds <- c(
  finished = "Took place", arrived = "Took place", in_progress = "Took place", visit = "Took place",
  waiting = "Took place", patient_walked_out = "Took place",
  did_not_attend = "Did not attend", no_access_visit = "Did not attend",
  cancelled_by_patient = "Cancelled by patient", cancelled_due_to_death = "Cancelled by patient",
  cancelled_by_unit = "Cancelled by practice", cancelled_by_other_service = "Cancelled by practice",
  booked = "Still open", requested = "Still open", blocked = "Still open"
)

appointments <- read_csv(
  "output/appointments/app_measures.csv",
  col_types = cols(
    measure = col_character(), interval_start = col_date(), interval_end = col_date(), .default = col_double()
  )
) |>
  mutate(
    way = factor(ways[sub("__.*", "", measure)], levels = ways),
    status = sub(".*__", "", measure),
    kind = factor(kinds[status], levels = unique(kinds))
  ) |>
  filter(denominator > 0)

by_kind <- appointments |>
  group_by(way, kind, interval_start) |>
  summarise(rate = 1000 * sum(numerator) / first(denominator), numerator = sum(numerator), .groups = "drop")

by_kind |>
  group_by(way, interval_start) |>
  summarise(rate = sum(rate), .groups = "drop") |>
  filter(rate > 0) |>
  save_figure(function(data) {
    # The last way often equals the second; dashes let the line beneath show through.
    ggplot(data, aes(interval_start, rate, colour = way, linetype = way)) +
      geom_line(linewidth = 0.9) +
      scale_colour_manual(values = palette) +
      scale_linetype_manual(values = c("solid", "solid", "solid", "22")) +
      scale_x_date(date_breaks = "1 month", date_labels = "%b %Y") +
      scale_y_continuous(limits = c(0, NA)) +
      labs(
        title = "Appointments a week, by the date that they are counted on",
        subtitle = "All statuses, per 1,000 registered patients",
        x = NULL, y = NULL,
        caption = "Appointments without the date in question are not counted. Small numbers suppressed, others rounded."
      ) +
      theme_study
  }, "output/appointments/weekly_by_date.png", height = 5)

by_kind |>
  filter(numerator > 0) |>
  save_figure(function(data) {
    ggplot(data, aes(interval_start, rate, fill = kind)) +
      geom_col(width = 6.5) +
      facet_wrap(~way, ncol = 2) +
      scale_fill_manual(values = palette) +
      scale_x_date(date_breaks = "1 month", date_labels = "%b") +
      labs(
        title = "What became of appointments",
        subtitle = "Per 1,000 registered patients and week, October 2021 to April 2022",
        x = NULL, y = NULL, caption = "Small numbers suppressed, others rounded to the nearest five."
      ) +
      theme_study
  }, "output/appointments/weekly_by_outcome.png", height = 7)

# Of the appointments that were due and came to an end, how many were missed or cancelled.
appointments |>
  filter(way == ways[["start"]], kind != "Still open") |>
  group_by(interval_start) |>
  mutate(ended = sum(numerator)) |>
  group_by(interval_start, kind) |>
  summarise(percent = 100 * sum(numerator) / first(ended), .groups = "drop") |>
  filter(percent > 0, kind != "Took place") |>
  save_figure(function(data) {
    ggplot(data, aes(interval_start, percent, colour = kind)) +
      geom_line(linewidth = 0.9) +
      geom_point(size = 1.2) +
      scale_colour_manual(values = palette[2:4]) +
      scale_x_date(date_breaks = "1 month", date_labels = "%b %Y") +
      scale_y_continuous(limits = c(0, NA), labels = function(x) glue("{x}%")) +
      labs(
        title = "Appointments that did not take place",
        subtitle = "Share of the appointments due in the week that took place, were missed or were cancelled",
        x = NULL, y = NULL, caption = "Weeks in which a number was small are left out; others are rounded to the nearest five."
      ) +
      theme_study
  }, "output/appointments/did_not_take_place.png", height = 5)
