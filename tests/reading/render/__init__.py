"""Random valid reports, printed in every shape reports are found in. Shares with the reader only the declared labels."""
