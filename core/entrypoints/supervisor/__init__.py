"""Starts the three processes, restarts one that dies, stops all on a signal."""
