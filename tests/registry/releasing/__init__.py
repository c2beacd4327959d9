"""An app of the small project with a command `release` of its own, which `serve` runs in its workers."""
