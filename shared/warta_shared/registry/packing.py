"""Small values into few bytes and back: every byte of a record is a megabyte at a million."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Writer:
    """Puts values one after the other."""

    parts: list[bytes] = field(default_factory=list)

    def number(self, value: int, size: int) -> None:
        """An unsigned number in `size` bytes."""
        self.parts.append(value.to_bytes(size))

    def raw(self, value: bytes) -> None:
        """Bytes whose length the reader knows."""
        self.parts.append(value)

    def sized(self, value: bytes) -> None:
        """Bytes with their length before them: one byte up to 127, two up to 32,767."""
        length = len(value)
        self.number(length, 1) if length < 128 else self.number(length | 0x8000, 2)
        self.parts.append(value)

    def done(self) -> bytes:
        """All of it."""
        return b"".join(self.parts)


@dataclass(slots=True)
class Reader:
    """Takes them again in the same order; every method raises ValueError where they end too early."""

    data: bytes
    at: int = 0

    def number(self, size: int) -> int:
        """The counterpart of Writer.number."""
        return int.from_bytes(self.raw(size))

    def raw(self, size: int) -> bytes:
        """The counterpart of Writer.raw."""
        value = self.data[self.at : self.at + size]
        if len(value) < size:
            raise ValueError("it ends too early")
        self.at += size
        return value

    def rest(self) -> bytes:
        """What is left."""
        return self.raw(len(self.data) - self.at)

    def sized(self) -> bytes:
        """The counterpart of Writer.sized."""
        length = self.number(1)
        if length >= 128:
            length = (length & 0x7F) << 8 | self.number(1)
        return self.raw(length)
