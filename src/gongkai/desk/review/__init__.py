"""审签 on the desk: what waits for me, one run, its printed sheet, consultations, authorisations."""
