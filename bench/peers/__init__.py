"""Other systems on the same records: each in an environment of its own, served over HTTP on loopback."""
