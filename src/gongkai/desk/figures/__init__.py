"""The figures browser: what every measure means, its values by organ and year, and the records they count."""
