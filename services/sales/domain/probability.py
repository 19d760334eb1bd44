"""How likely a deal is won."""

from typing import Annotated

from shared.values import Between

Probability = Annotated[int, Between(0, 100)]
