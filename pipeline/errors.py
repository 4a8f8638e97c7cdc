"""What can go wrong in a way a person can mend. Each error is one sentence that says how."""


class PipelineError(Exception):
    """A problem with the input or the settings, told in one sentence for the person who can mend it.

    Raised where it is known; caught by the command line and by the web app's jobs, nowhere else.
    """


class ReadingError(PipelineError):
    """The file cannot be read as transactions."""


class SettingError(PipelineError):
    """A setting has a value that is not allowed, or is not known."""


class NotEnoughDataError(PipelineError):
    """What is left after cleaning is too little for the step that was asked for."""


class CancelledError(Exception):
    """The person stopped the run. Not a mistake, so not a `PipelineError`."""
