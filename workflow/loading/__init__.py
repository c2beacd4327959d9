"""Loading of treaties and dossiers from `fixtures/`, through the same actions as people use."""
