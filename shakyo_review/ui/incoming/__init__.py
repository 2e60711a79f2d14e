"""What comes in from a file, as the screens see it."""
