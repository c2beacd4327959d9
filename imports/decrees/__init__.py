"""Decrees of assent from the Belgian Official Gazette, turned into treaties with their dossiers."""
