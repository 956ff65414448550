"""The pages of the service and their scripts and styles."""
