"""The page of a checked report, drawn from the answer of the check: findings by verdict, tables with their marks."""
