"""Django's backend for a replica: `base` is what Django loads; which pages use it stands in registry/replicas.py."""
