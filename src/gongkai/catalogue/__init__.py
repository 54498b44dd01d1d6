"""The columns of the public site, and what every disclosure platform must hold: kept as dated versions, never as pages."""
