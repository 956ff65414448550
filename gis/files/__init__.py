"""Files: what people hand in is read and checked here, and what they take home is written here."""

from gis.files.reader import check_inputs, read_inputs

__all__ = ["check_inputs", "read_inputs"]
