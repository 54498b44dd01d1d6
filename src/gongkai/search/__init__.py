"""Finding things again: one index, one visibility filter, fed by the sealed audit log."""
