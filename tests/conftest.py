"""What all tests share: hypothesis draws the same examples on every machine."""

from itertools import count

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

_NUMBERS = count()


@pytest.fixture(autouse=True)
def _own_settings(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep the settings of whoever runs the tests, what other tests have left, and five seconds of waiting out."""
    folder = tmp_path_factory.getbasetemp() / "settings" / str(next(_NUMBERS))
    settings_file = folder / "no-settings.toml"
    monkeypatch.setenv("SHAKYO_REVIEW_SETTINGS", str(settings_file))
    monkeypatch.setenv("SHAKYO_REVIEW_BUSY_SECONDS", "0.3")
    monkeypatch.delenv("SHAKYO_REVIEW_DEBUG", raising=False)
