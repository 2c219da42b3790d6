"""The product: everything Sightline knows, with no web page and no queue library in it."""
