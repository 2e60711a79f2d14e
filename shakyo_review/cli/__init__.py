"""The commands. Names and options are English, all that is printed is Japanese."""
