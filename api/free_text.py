"""What people write freely: notes, reasons and comments carry no numbers of persons."""

from __future__ import annotations

from gis.model.errors import SettingError
from gis.model.personal_numbers import holds_personal_number

__all__ = ["refuse_personal"]


def refuse_personal(text: str) -> None:
    """Raise SettingError where a text holds a mobile telephone or an identity number."""
    if holds_personal_number(text):
        raise SettingError("text-personal")
