"""What the pages of the procedure show, made from what the engine says. Plain functions and data, no rules."""
