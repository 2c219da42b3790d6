"""Speed claims, each a ratio to a named peer or limit measured in the same run: `python -m bench`."""
