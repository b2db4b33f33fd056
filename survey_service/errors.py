"""What can go wrong that a person can cause: a code, an HTTP status, details, and no prose.

The words are in the catalogues under `error.<code>`, in every language; whoever shows an error
(`web`, `cli`) asks `i18n.describe` for them.
"""

from typing import ClassVar


class SurveyError(Exception):
    """Something a person can put right; `details` fill the message's placeholders."""

    code: ClassVar[str]
    status: ClassVar[int]

    def __init__(self, **details: object) -> None:
        super().__init__(self.code, details)
        self.details = details


class NotFoundError(SurveyError):
    """There is no such thing, or not for this person: the two look the same."""

    code = "not_found"
    status = 404


class UnknownQuestionnaireError(SurveyError):
    """No questionnaire has this code and version; `reference` is `code@version`."""

    code = "unknown_questionnaire"
    status = 404


class UnknownIndicatorError(SurveyError):
    """The questionnaire has no indicator `indicator`."""

    code = "unknown_indicator"
    status = 404


class InvalidLevelError(SurveyError):
    """`level` lies outside `lowest` to `highest`."""

    code = "invalid_level"
    status = 422


class InvalidOptionError(SurveyError):
    """`option` is none of the `options` of `indicator`."""

    code = "invalid_option"
    status = 422


class InvalidValueError(SurveyError):
    """`value` is no number from `lowest` to `highest` with at most `decimals` decimals."""

    code = "invalid_value"
    status = 422


class WrongInputsError(SurveyError):
    """`indicator` is answered with the numbers `expected`, and `given` ones were given."""

    code = "wrong_inputs"
    status = 422


class InvalidInputError(SurveyError):
    """`value` for `input` of `indicator` is negative, or no number to reckon with."""

    code = "invalid_input"
    status = 422


class PartExceedsWholeError(SurveyError):
    """The `part` entered for `indicator` is more than the `whole` it belongs to."""

    code = "part_exceeds_whole"
    status = 422


class InvalidItemError(SurveyError):
    """`item` is none of the `items` of `indicator`."""

    code = "invalid_item"
    status = 422


class NotByUnitError(SurveyError):
    """`indicator` is answered for the organisation as a whole, or no unit was given."""

    code = "not_by_unit"
    status = 422


class InvalidWeightError(SurveyError):
    """`weight` of a unit of `indicator` is not above nothing."""

    code = "invalid_weight"
    status = 422


class UnitLineError(SurveyError):
    """`line` of the units of `indicator` is not a name, a colon and an answer."""

    code = "unit_line"
    status = 422


class NotADateError(SurveyError):
    """`value` was written where a day is asked for, as 2026-12-31."""

    code = "not_a_date"
    status = 422


class UnknownKindError(SurveyError):
    """`questionnaire` is asked of the kinds `expected` of organisation, and `kind` is none."""

    code = "unknown_kind"
    status = 422


class NotANumberError(SurveyError):
    """`value` was written where a number is asked for."""

    code = "not_a_number"
    status = 422


class WrongKindError(SurveyError):
    """`indicator` is answered with `expected`, and `found` was given."""

    code = "wrong_kind"
    status = 422


class NoAnswerError(SurveyError):
    """The answer to `indicator` says neither what is `expected` nor why it does not apply."""

    code = "no_answer"
    status = 422


class TwoAnswersError(SurveyError):
    """The answer to `indicator` says several things at once: `given`."""

    code = "two_answers"
    status = 422


class ApplicableError(SurveyError):
    """`indicator` must be answered: the questionnaire does not let it be left out."""

    code = "applicable"
    status = 422


class ReasonMissingError(SurveyError):
    """`indicator` was called not applicable without a reason."""

    code = "reason_missing"
    status = 422


class StaleRevisionError(SurveyError):
    """`indicator` was saved by somebody else since; `current` and `sent` are both versions."""

    code = "stale_revision"
    status = 409


class ClosedError(SurveyError):
    """The assessment was handed in; its answers can be read and no longer changed."""

    code = "closed"
    status = 409


class IncompleteError(SurveyError):
    """The assessment cannot be handed in yet; `missing` lists the unanswered indicators."""

    code = "incomplete"
    status = 409


class WrongStateError(SurveyError):
    """The assessment's `state` does not allow this."""

    code = "wrong_state"
    status = 409


class ForbiddenError(SurveyError):
    """The person's role does not include this."""

    code = "forbidden"
    status = 403


class SignInRequiredError(SurveyError):
    """Nobody is signed in, or the session has ended."""

    code = "sign_in_required"
    status = 401


class WrongPasswordError(SurveyError):
    """Name and password do not belong together; which one is wrong is not said."""

    code = "wrong_password"
    status = 401


class TooManyAttemptsError(SurveyError):
    """Too many sign-ins failed of late; the next one must wait, `minutes` at the most."""

    code = "too_many_attempts"
    status = 429


class CrossOriginError(SurveyError):
    """The request was made by another site's page."""

    code = "cross_origin"
    status = 403


class PreconditionRequiredError(SurveyError):
    """The write does not say which revision it was based on."""

    code = "precondition_required"
    status = 428


class InvalidRevisionError(SurveyError):
    """`If-Match` is not an entity tag that this service gave."""

    code = "invalid_revision"
    status = 400


class IdempotencyKeyReusedError(SurveyError):
    """The same `Idempotency-Key` came with another request."""

    code = "idempotency_key_reused"
    status = 422


class InvalidCursorError(SurveyError):
    """The page's cursor is not one that this service gave."""

    code = "invalid_cursor"
    status = 400


class InvalidBodyError(SurveyError):
    """The body is not what is expected; `reason` says where and why."""

    code = "invalid_body"
    status = 400


class InvalidRequestError(SurveyError):
    """The request itself is malformed; `reason` says how."""

    code = "invalid_request"
    status = 400


class MediaTypeError(SurveyError):
    """The body's type is `found`, and must be `expected`."""

    code = "media_type"
    status = 415


class TooLargeError(SurveyError):
    """The body or file is larger than `limit` (text with a unit)."""

    code = "too_large"
    status = 413


class MethodNotAllowedError(SurveyError):
    """The address exists, and not for this method."""

    code = "method_not_allowed"
    status = 405


class UnexpectedError(SurveyError):
    """Our fault; it is in the log under `reference`."""

    code = "unexpected"
    status = 500


class DocumentError(SurveyError):
    """A file says something wrong at `file`, `line`, `key`; `reason` is one of `problem.*`."""

    code = "document"
    status = 422


class FileMissingError(SurveyError):
    """There is no readable file `file`."""

    code = "file_missing"
    status = 404


class CheckFailedError(SurveyError):
    """A questionnaire has `findings` that keep it from being used; `count` of them."""

    code = "check_failed"
    status = 422


class PublishedDiffersError(SurveyError):
    """`reference` is published, and the file that now bears its name says something else."""

    code = "published_differs"
    status = 409


class InactiveError(SurveyError):
    """`organisation` is no longer active; what it answered stays, and nothing new is opened."""

    code = "inactive"
    status = 409


class BackupError(SurveyError):
    """`file` cannot be backed up to or restored from; `reason` says why."""

    code = "backup"
    status = 409


class UnknownRoleError(SurveyError):
    """`found` is none of the `expected` roles, or kinds of organisation."""

    code = "unknown_role"
    status = 422


class NotMigratedError(SurveyError):
    """The database is not at the revision that this program expects."""

    code = "not_migrated"
    status = 503


class InvalidSettingError(SurveyError):
    """The environment variable `name` holds `value`, and `expected` is wanted."""

    code = "invalid_setting"
    status = 500


class RenderingError(SurveyError):
    """The report could not be made, or not within `seconds`."""

    code = "rendering"
    status = 503


class MissingLibraryError(SurveyError):
    """A system library or file that `task` needs is not on this machine."""

    code = "missing_library"
    status = 503
