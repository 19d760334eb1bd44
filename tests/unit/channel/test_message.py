"""A channel event's frame."""

from shared.channel.message import IDENTIFIERS, fresh_id, partition_of
from shared.events import ids
from shared.identity import KINDS


def test_library_and_front_door_choose_the_same_partition():
    """The strongest identifier decides, in the order the services know."""
    assert tuple(KINDS) == IDENTIFIERS
    data = {"customer": {"visitor_id": "v-1", "email": "a@b.c"}}
    assert partition_of("web-shop", data, "id", 4) == ids.partition_of("web-shop|a@b.c", 4)
    assert partition_of("web-shop", {}, "id", 4) == ids.partition_of("web-shop|id", 4)


def test_ids_are_in_the_order_of_time():
    """UUID version 7: later ids are greater, to the millisecond."""
    first = fresh_id()
    assert first[14] == "7"
    assert fresh_id()[:13] >= first[:13]
