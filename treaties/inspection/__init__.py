"""Judges files that are sent in, in a process of its own that has little of everything and knows nothing.

What is let through is little (an allow-list by content): PDF without anything that runs or is attached, DOCX and ODT
whose parts are text, pictures and fonts only, and plain UTF-8. Neither Django nor the register is known here: no
settings, no database, no secrets. Who asks is `treaties.files`, by `treaties.inspecting`.
"""
