// Filled by its first export.
