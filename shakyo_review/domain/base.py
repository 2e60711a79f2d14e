"""The base of everything that is written in a plan file."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Unknown fields are errors, objects are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)
