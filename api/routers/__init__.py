"""The routes of the service, a router a noun."""
