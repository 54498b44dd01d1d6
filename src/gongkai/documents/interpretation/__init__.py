"""政策解读: its plan, signed with the document; the interpretation, linked to documents both ways; its term and its figures."""
