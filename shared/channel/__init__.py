"""Report what a customer did: checked on the spot, kept on disk while the broker is away, confirmed."""

from .channel import Channel, Report
from .errors import ChannelClosed, NotEmitted, SpoolDamaged, SpoolFull, SpoolTaken

__all__ = ["Channel", "ChannelClosed", "NotEmitted", "Report", "SpoolDamaged", "SpoolFull", "SpoolTaken"]
