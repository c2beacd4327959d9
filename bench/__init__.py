"""Measurements of what must stay fast; how and on what, see README.md."""
