"""Names of people, places and firms: found in a source, looked for in its target, put right."""
