"""Load data: as many treaties as are wanted, of real shape but about nothing, to measure search at scale.

`words` gathers a vocabulary, `shape` draws treaties (pure: no database), `tables` copies them into the record,
`documents` makes their search documents, `actions` does it all in one change. Only `manage.py make_load` calls it.
"""
