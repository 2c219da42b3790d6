"""Delivery: letters to people by a channel, one row per recipient, one receipt per attempt, retried until they arrive.

`service.post` writes the rows and queues them, `service.deliver` sends one,
`service.sweep` brings back what a dead worker or server left behind.
"""
