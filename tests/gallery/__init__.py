"""The gallery of docs: every view and every shape of figure. `python -m tests.gallery` draws it anew."""
