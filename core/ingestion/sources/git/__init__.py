"""Git histories: any clone, bare or not, read by git itself and parsed in worker processes."""
