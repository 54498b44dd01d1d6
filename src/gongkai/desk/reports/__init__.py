"""Annual reports on the desk: which there are, one report with its findings and steps, and what each figure counts."""
