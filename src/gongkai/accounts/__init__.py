"""One sign-in for everything a citizen does here (S167). Nobody ever needs an account where the law asks for none."""
