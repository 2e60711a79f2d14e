"""Doing what a key does without pressing it: for the hint line and the list of operations."""

from textual.app import App

from shakyo_review.ui.keys import Key


async def perform(app: App[object], key: Key) -> None:
    """Run the action of a key where pressing it would run it on the screen in front."""
    screen = app.screen
    active = screen.active_bindings.get(key.keys.split(",")[0])
    if active is not None and active.binding.id == key.id:
        await app.run_action(active.binding.action, active.node)
    else:  # the widget in focus has the key for itself (Enter in a list)
        name = key.action.partition("(")[0]
        await app.run_action(key.action, screen if hasattr(screen, f"action_{name}") else app)
