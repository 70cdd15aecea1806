"""What a request can end with that gives nothing to use."""

from tasks.errors import ItemError


class FetchError(ItemError):
    """A request that gave nothing to use.

    may_pass: trying again is sensible. wait_s: how long the server asks for. was_asked: whether a request was made, or
    the host was left in peace.
    """

    def __init__(
        self, check: str, message: str, *, may_pass: bool = False, wait_s: float | None = None, was_asked: bool = True
    ) -> None:
        super().__init__(check, message)
        self.may_pass = may_pass
        self.wait_s = wait_s
        self.was_asked = was_asked


def stop_fault() -> FetchError:
    """Make the fault of what is not asked any more, or was being asked, when the run was stopped."""
    return FetchError("stopped", "is not asked, because the run was stopped", was_asked=False)


def too_late(seconds: float) -> FetchError:
    """Make the fault of an answer that did not come in time."""
    return FetchError("deadline", f"did not answer whole within {seconds:g} s; it is asked again", may_pass=True)


def unresolved(seconds: float) -> FetchError:
    """Make the fault of a name that was not resolved in time."""
    return FetchError(
        "deadline", f"has a name that was not resolved within {seconds:g} s; it is asked again", may_pass=True
    )


def too_large(most_bytes: int) -> FetchError:
    """Make the fault of an answer that is larger than the limit."""
    return FetchError("size_cap", f"is larger than {most_bytes / 1e6:g} MB, which no article needs; it is left out")
