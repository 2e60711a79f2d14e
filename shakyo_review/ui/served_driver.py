"""The driver of a process behind a browser: it ends when the server that started it is gone."""

import asyncio

from textual import messages
from textual.drivers.web_driver import WebDriver


class ServedDriver(WebDriver):
    """As textual's, but the end of the input is the end of the program: no process stays behind alone."""

    def start_application_mode(self) -> None:
        """Remember the loop: the input is read in a thread."""
        self._loop = asyncio.get_running_loop()
        super().start_application_mode()

    def run_input_thread(self) -> None:
        """Read input until there is no more."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            asyncio.run_coroutine_threadsafe(
                self._app._post_message(messages.ExitApp()), self._loop
            )
