"""What can go wrong in a way a person can mend. Each error is one sentence that says how."""

from __future__ import annotations

from collections.abc import Mapping


class PipelineError(Exception):
    """A problem with the input or the settings, told in one sentence for the person who can mend it.

    Raised where it is known; caught by the command line and by the web app's jobs, nowhere else.
    """


class ReadingError(PipelineError):
    """The file cannot be read as transactions."""

    def of(self, file: str) -> ReadingError:
        """The same said of one file among several."""
        return ReadingError(f"{file}: {self}")


class UndecidedError(ReadingError):
    """The file can be read in several ways and does not say which; one setting answers it.

    Attributes
    ----------
    sentence : what is to be decided, with an example, and which setting decides it.
    setting : that setting, as in `reading.date_order`.
    options : each value that answers -> `label`, and `example`, how one text of the file would be read.
    """

    def __init__(self, sentence: str, setting: str, options: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(sentence, setting, options)  # all of them, so that it can cross processes
        self.sentence, self.setting, self.options = sentence, setting, options

    def __str__(self) -> str:
        return self.sentence

    def of(self, file: str) -> UndecidedError:
        """The same said of one file among several."""
        return UndecidedError(f"{file}: {self.sentence}", self.setting, self.options)

    def to_json(self) -> dict[str, object]:
        """The question for a page to ask."""
        options = {value: dict(option) for value, option in self.options.items()}
        return {"setting": self.setting, "sentence": self.sentence, "options": options}


class SettingError(PipelineError):
    """A setting has a value that is not allowed, or is not known."""


class NotEnoughDataError(PipelineError):
    """What is left after cleaning is too little for the step that was asked for."""


class CancelledError(Exception):
    """The person stopped the run. Not a mistake, so not a `PipelineError`."""
