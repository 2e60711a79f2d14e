"""shakyo-review: tells how far the plan of a social welfare council has come this year."""

__version__ = "0.1.0"
