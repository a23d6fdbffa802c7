"""--since and --until as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from warta_index.written_query import moment

NOW = datetime(2025, 6, 10, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "end", "expected"),
    [
        ("7d", False, NOW - timedelta(days=7)),
        ("90m", False, NOW - timedelta(minutes=90)),
        ("12h", True, NOW - timedelta(hours=12)),
        ("2w", False, NOW - timedelta(days=14)),
        ("2025-06-02", False, datetime(2025, 6, 2, tzinfo=UTC)),
        ("2025-06-02", True, datetime(2025, 6, 3, tzinfo=UTC)),
        ("2025-06-02T08:00", True, datetime(2025, 6, 2, 8, tzinfo=UTC)),
        ("2025-06-02T08:00:00+07:00", False, datetime(2025, 6, 2, 1, tzinfo=UTC)),
    ],
)
def test_a_date_is_a_whole_day_and_utc_unless_it_says_otherwise(
    text: str, end: bool, expected: datetime
) -> None:
    assert moment(text, NOW, end=end) == expected
