"""What studies touch: series, frames, datasets and measures, over the query model."""
