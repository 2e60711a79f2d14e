"""One module per screen; the file name is what is seen."""
