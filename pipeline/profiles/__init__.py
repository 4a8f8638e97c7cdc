"""What each segment is: its size, its traits, what to say of it."""
