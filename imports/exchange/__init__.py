"""Everything in the record, out to files and back into an empty register: docs/exchange.md."""
