"""The whole system on one machine: broker, database and services as supervised processes."""
