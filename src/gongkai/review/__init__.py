"""审签: runs through a chain of signatures on any subject, the secrecy record, coordination, delegation, leaks, re-examination."""
