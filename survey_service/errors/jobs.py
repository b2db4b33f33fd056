"""What can go wrong with long work, and bringing back what did by what was kept of it."""

from collections.abc import Mapping

from survey_service.errors import DamagedError, SurveyError, every_error


class JobStateError(SurveyError, code="job_state", status=409):
    """The job is `job_state`, which does not allow this."""


class NotActiveError(SurveyError, code="not_active", status=403):
    """Whoever asked for the job may no longer sign in."""


class AbandonedError(SurveyError, code="abandoned", status=503):
    """Each of the processes that did the job ended in the middle of it."""


class OtherEditionError(SurveyError, code="other_edition", status=503):
    """What was asked for is of another version of the program than does the work."""


class ListOutdatedError(SurveyError, code="list_outdated", status=409):
    """Somebody changed `name`, or what it stands below, since the list was previewed."""


class WebhookError(SurveyError, code="webhook", status=503):
    """A program did not take what it was told: it answered `answer`, or "-" for nothing."""


class PrivateAddressError(SurveyError, code="private_address", status=422):
    """The address of a program leads to a machine that is not on the internet."""


class WebhookAddressError(SurveyError, code="webhook_address", status=422):
    """No program can be told at `url`."""


class WebhookSecretError(SurveyError, code="webhook_secret", status=409):
    """The secret of the address `url` was sealed with a secret that is gone."""


class WebhookLimitError(SurveyError, code="webhook_limit", status=409):
    """A person has as many addresses of programs as they may, `most`."""


def recalled(code: str, details: Mapping[str, object]) -> SurveyError:
    """Return an error that was kept by its code, and its details; damage, where no error has it."""
    kinds = {kind.code: kind for kind in every_error()}
    return kinds[code](**details) if code in kinds else DamagedError(what=code)
