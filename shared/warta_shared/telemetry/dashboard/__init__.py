"""What the dashboard shows: the questions of who is woken at night, in their order, and the panels that answer them."""

from warta_shared.telemetry.dashboard.capacity import CAPACITY
from warta_shared.telemetry.dashboard.news import ARRIVING, LATE
from warta_shared.telemetry.dashboard.trouble import FEEDS, STUCK

ROWS = (ARRIVING, LATE, STUCK, FEEDS, CAPACITY)
