# How every figure of the study looks, and how measures are named on them.

suppressPackageStartupMessages({
  library(ggplot2)
  library(dplyr)
  library(readr)
  library(glue)
})

# Distinct for readers with any colour vision, and in print.
colours <- c(winter = "#0b5fa5", summer = "#d9822b")
palette <- c("#0b5fa5", "#d9822b", "#2a8c6a", "#a23b72", "#6b6ecf", "#8c6d31", "#7f7f7f", "#17a2b8", "#b22222")

theme_study <- theme_minimal(base_size = 11) +
  theme(
    plot.title.position = "plot",
    plot.caption.position = "plot",
    plot.title = element_text(face = "bold", size = 13),
    plot.subtitle = element_text(colour = "grey30", margin = margin(b = 8)),
    plot.caption = element_text(colour = "grey40", hjust = 0, size = 8),
    plot.background = element_rect(fill = "white", colour = NA),
    panel.grid.minor = element_blank(),
    panel.spacing = unit(1.1, "lines"),
    strip.text = element_text(face = "bold", hjust = 0),
    legend.position = "top",
    legend.justification = "left",
    legend.title = element_blank()
  )

# lower_respiratory_infection -> Lower respiratory infection
readable <- function(name) {
  words <- gsub("_", " ", name)
  words <- paste0(toupper(substring(words, 1, 1)), substring(words, 2))
  words <- gsub("copd", "COPD", words, ignore.case = TRUE)
  words <- gsub("covid", "COVID-19", words, ignore.case = TRUE)
  words <- gsub("coamoxiclav", "co-amoxiclav", words)
  sub("^(Antibiotics|Appointments|Consultations) ", "\\1: ", words)
}

# Writes a figure. Where a small or empty input leaves nothing to draw, the figure says so, so that the file still exists.
save_figure <- function(data, draw, path, width = 9, height = 6) {
  dir.create(dirname(path), recursive = TRUE, showWarnings = FALSE)
  figure <- if (nrow(data) > 0) {
    draw(data)
  } else {
    ggplot() +
      annotate("text", x = 0, y = 0, label = "No numbers large enough to show", colour = "grey40") +
      theme_void() +
      theme(plot.background = element_rect(fill = "white", colour = NA))
  }
  ggsave(path, figure, width = width, height = height, dpi = 150)
  message(glue("{path}: {nrow(data)} rows drawn"))
}

# Seven or fewer is suppressed; the rest go to the nearest five.
suppress <- function(count) if_else(count > 7, 5 * round(count / 5), NA_real_)
