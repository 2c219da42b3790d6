"""What facts tell together rather than one by one: who works with whom, what people know, where and when they work."""
