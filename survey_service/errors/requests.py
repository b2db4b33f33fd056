"""What can be wrong with a request over HTTP, whatever it asks for."""

from survey_service.errors import SurveyError


class StaleEditError(SurveyError, code="stale_edit", status=409):
    """Somebody else has changed this since it was read; `current` is how it is now."""


class InvalidHostError(SurveyError, code="invalid_host", status=421):
    """The request is for a `host` that this service is not."""


class CrossOriginError(SurveyError, code="cross_origin", status=403):
    """The request was made by another site's page."""


class PreconditionRequiredError(SurveyError, code="precondition_required", status=428):
    """The write does not say which revision it was based on."""


class InvalidRevisionError(SurveyError, code="invalid_revision", status=400):
    """`If-Match` is not an entity tag that this service gave."""


class IdempotencyKeyReusedError(SurveyError, code="idempotency_key_reused", status=422):
    """The same `Idempotency-Key` came with another request."""


class InvalidCursorError(SurveyError, code="invalid_cursor", status=400):
    """The page's cursor is not one that this service gave."""


class InvalidBodyError(SurveyError, code="invalid_body", status=400):
    """The body is not what is expected; `reason` says where and why."""


class ExactlyOneError(SurveyError, code="exactly_one", status=422):
    """Exactly one of the `fields` is wanted."""


class InvalidRequestError(SurveyError, code="invalid_request", status=400):
    """The request itself is malformed; `reason` says how."""


class MediaTypeError(SurveyError, code="media_type", status=415):
    """The body's type is `found`, and must be `expected`."""


class TooLargeError(SurveyError, code="too_large", status=413):
    """The body or file is larger than `limit` (text with a unit)."""


class MethodNotAllowedError(SurveyError, code="method_not_allowed", status=405):
    """The address exists, and not for this method."""


class UnexpectedError(SurveyError, code="unexpected", status=500):
    """Our fault; it is in the log under `reference`."""


class CutOffError(SurveyError, code="cut_off", status=400):
    """Whoever sent the request left before it was whole."""
