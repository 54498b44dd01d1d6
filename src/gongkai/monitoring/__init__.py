"""The register of government websites: who hosts them, their domains and marks, their life as dated facts, what was handed over."""
