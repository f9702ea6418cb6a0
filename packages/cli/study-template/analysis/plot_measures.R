# Draws the monthly rates in output/measures.csv.
library(ggplot2)

measures <- read.csv("output/measures.csv")
measures$interval_start <- as.Date(measures$interval_start)

figure <- ggplot(measures, aes(x = interval_start, y = ratio, colour = sex)) +
  geom_line() +
  geom_point() +
  labs(x = NULL, y = "Share of adults with asthma recorded", colour = "Sex")

dir.create("output", showWarnings = FALSE)
ggsave("output/measures.png", figure, width = 7, height = 4, dpi = 150)
