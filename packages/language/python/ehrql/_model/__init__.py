"""The query model: what a definition means, as immutable nodes whose types and domains were checked when they were made."""
