"""What the operator of an installation does: make it, load it, serve it, keep it whole. Behind the console command."""
