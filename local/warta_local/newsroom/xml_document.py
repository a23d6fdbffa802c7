"""Building blocks of the XML that the newsroom publishes."""

from __future__ import annotations

from io import BytesIO
from xml.etree import ElementTree as ET


def text_child(parent: ET.Element, tag: str, text: str, **attributes: str) -> ET.Element:
    """Append `<tag ...>text</tag>` to the parent."""
    child = ET.SubElement(parent, tag, attributes)
    child.text = text
    return child


def serialised(root: ET.Element, encoding: str = "utf-8") -> bytes:
    """The document with its XML declaration; what the encoding lacks becomes character references."""
    buffer = BytesIO()
    ET.ElementTree(root).write(buffer, encoding=encoding, xml_declaration=True)
    return buffer.getvalue()
