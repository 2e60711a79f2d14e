"""The terminal screens. The only room that imports textual; loaded only when a screen opens."""
