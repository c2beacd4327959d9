"""An embedded PostgreSQL for development and tests, and the Django backend that starts it.

`binaries` finds the programs, `account` decides who runs them, `launcher` starts and stops one
cluster, `lease` keeps it alive as long as somebody uses it, `base` is what Django loads.
Only `base` imports Django. Why it is built this way: docs/decisions/0003-embedded-postgresql.md.
"""
