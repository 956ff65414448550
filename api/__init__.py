"""Open the doors: HTTP, command line, jobs and the one workflow."""
