"""What goes wrong when a model is read or written."""


class ExportError(Exception):
    """A model that can't be exported; the message says what was found and what was expected."""
