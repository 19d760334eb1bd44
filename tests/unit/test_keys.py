"""Keys of persons when their database is away."""

from datetime import UTC, datetime

import pymongo
import pytest

from shared.errors import Unavailable
from shared.privacy import MongoKeyStore


def test_a_key_database_that_is_away_is_unavailable() -> None:
    """Receivers wait then and try again; any other error would send good events to the quarantine."""
    client = pymongo.MongoClient("mongodb://127.0.0.1:1/", serverSelectionTimeoutMS=50, connect=False)
    with client:
        keys = MongoKeyStore(client["keys"]["keys"], b"m" * 32)
        with pytest.raises(Unavailable):
            keys.ensure(["c-1"])
        with pytest.raises(Unavailable):
            keys.get(["c-1"])
        with pytest.raises(Unavailable):
            keys.destroy(["c-1"], datetime(2026, 5, 1, tzinfo=UTC))
