"""Trees and what they bore."""
