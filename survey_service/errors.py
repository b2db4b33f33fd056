"""What can go wrong that a person can cause: a code, an HTTP status, details, and no prose.

The words are in the catalogues under `error.<code>`, in every language; whoever shows an error
(`web`, `cli`) asks `i18n.describe` for them. What only those meet who look after an installation's
database is in `installation_errors`.
"""

from typing import ClassVar

from typing_extensions import override


class SurveyError(Exception):
    """Something a person can put right; `details` fill the message's placeholders."""

    code: ClassVar[str]
    status: ClassVar[int]

    @override
    def __init_subclass__(cls, *, code: str, status: int) -> None:
        """Give a kind of error its code and the HTTP status that goes with it."""
        cls.code, cls.status = code, status

    def __init__(self, **details: object) -> None:
        super().__init__(self.code, details)
        self.details = details


class NotFoundError(SurveyError, code="not_found", status=404):
    """There is no such thing, or not for this person: the two look the same."""


class UnknownQuestionnaireError(SurveyError, code="unknown_questionnaire", status=404):
    """No questionnaire has this code and version; `reference` is `code@version`."""


class UnknownIndicatorError(SurveyError, code="unknown_indicator", status=404):
    """The questionnaire has no indicator `indicator`."""


class InvalidLevelError(SurveyError, code="invalid_level", status=422):
    """`level` lies outside `lowest` to `highest`."""


class InvalidOptionError(SurveyError, code="invalid_option", status=422):
    """`option` is none of the `options` of `indicator`."""


class InvalidValueError(SurveyError, code="invalid_value", status=422):
    """`value` is no number from `lowest` to `highest` with at most `decimals` decimals."""


class WrongInputsError(SurveyError, code="wrong_inputs", status=422):
    """`indicator` is answered with the numbers `expected`, and `given` ones were given."""


class InvalidInputError(SurveyError, code="invalid_input", status=422):
    """`value` for `input` of `indicator` is negative, or no number to reckon with."""


class PartExceedsWholeError(SurveyError, code="part_exceeds_whole", status=422):
    """The `part` entered for `indicator` is more than the `whole` it belongs to."""


class InvalidItemError(SurveyError, code="invalid_item", status=422):
    """`item` is none of the `items` of `indicator`."""


class NotByUnitError(SurveyError, code="not_by_unit", status=422):
    """`indicator` is answered for the organisation as a whole, or no unit was given."""


class InvalidWeightError(SurveyError, code="invalid_weight", status=422):
    """`weight` of a unit of `indicator` is not above nothing."""


class UnitLineError(SurveyError, code="unit_line", status=422):
    """`line` of the units of `indicator` is not a name, a colon and an answer."""


class NotADateError(SurveyError, code="not_a_date", status=422):
    """`value` was written where a day is asked for, as 2026-12-31."""


class UnknownKindError(SurveyError, code="unknown_kind", status=422):
    """`questionnaire` is asked of the kinds `expected` of organisation, and `kind` is none."""


class WrongKindError(SurveyError, code="wrong_kind", status=422):
    """`indicator` is answered with `expected`, and `found` was given."""


class NoAnswerError(SurveyError, code="no_answer", status=422):
    """The answer to `indicator` says neither what is `expected` nor why it does not apply."""


class TwoAnswersError(SurveyError, code="two_answers", status=422):
    """The answer to `indicator` says several things at once: `given`."""


class ApplicableError(SurveyError, code="applicable", status=422):
    """`indicator` must be answered: the questionnaire does not let it be left out."""


class ReasonMissingError(SurveyError, code="reason_missing", status=422):
    """`indicator` was called not applicable without a reason."""


class StaleRevisionError(SurveyError, code="stale_revision", status=409):
    """`indicator` was saved by somebody else since; `current` and `sent` are both versions."""


class ClosedError(SurveyError, code="closed", status=409):
    """In this `state` the assessment's scores of the stage can be read and not changed."""


class IncompleteError(SurveyError, code="incomplete", status=409):
    """The assessment cannot be handed in yet; `missing` lists the unanswered indicators."""


class WrongStateError(SurveyError, code="wrong_state", status=409):
    """The `state` does not allow the `step`."""


class OutsideDatesError(SurveyError, code="outside_dates", status=409):
    """The cycle gives the days `opens` to `closes` in `zone` to the `stage`, and now is none of them."""


class InvalidWindowError(SurveyError, code="invalid_window", status=422):
    """The days of the `stage` are missing, end before they begin, or precede the stage before."""


class UnknownZoneError(SurveyError, code="unknown_zone", status=422):
    """There is no time zone `zone`."""


class ReasonRequiredError(SurveyError, code="reason_required", status=422):
    """The score of `indicator` differs from that of the stage before, and no reason is given."""


class UncheckedError(SurveyError, code="unchecked", status=409):
    """The stage cannot end yet; `missing` lists the `count` answers that it has not scored."""


class PointsMissingError(SurveyError, code="points_missing", status=422):
    """What is returned to the agency needs at least one point to mend."""


class StepReasonError(SurveyError, code="step_reason", status=422):
    """The step needs a reason, which is kept for ever."""


class NothingChangedError(SurveyError, code="nothing_changed", status=409):
    """There is nothing to take over: the organisation is as the assessment has it."""


class HandedInError(SurveyError, code="handed_in", status=409):
    """Of those who are left out of a cycle, `organisations` have handed in; `count` of them."""


class WithdrawnError(SurveyError, code="withdrawn", status=409):
    """The organisation is withdrawn from the `cycle`, `because` of what was said then."""


class NotWithdrawnError(SurveyError, code="not_withdrawn", status=409):
    """The `organisation` takes part in the cycle."""


class AnswerRequiredError(SurveyError, code="answer_required", status=422):
    """The objection `remark` needs an answer."""


class OpenObjectionsError(SurveyError, code="open_objections", status=409):
    """The assessment cannot become final yet: `count` objections are unanswered."""


class StaleEditError(SurveyError, code="stale_edit", status=409):
    """Somebody else has changed this since it was read; `current` is how it is now."""


class ResolvedError(SurveyError, code="resolved", status=409):
    """The remark `remark` was resolved before, by `author` at `at`."""


class ForbiddenError(SurveyError, code="forbidden", status=403):
    """The person's role does not include this."""


class SignInRequiredError(SurveyError, code="sign_in_required", status=401):
    """Nobody is signed in, or the session has ended."""


class SecondFactorRequiredError(SurveyError, code="second_factor_required", status=401):
    """Name and password belong together; the code of the second factor is still wanted."""


class WrongCodeError(SurveyError, code="wrong_code", status=401):
    """The code of the second factor is wrong, too old, or was used before."""


class SecondFactorMissingError(SurveyError, code="second_factor_missing", status=403):
    """The organisation requires a second factor, and the person has not set one up."""


class NotOfferedError(SurveyError, code="not_offered", status=404):
    """This installation does not offer it: `setting` is not set."""


class SpentLinkError(SurveyError, code="spent_link", status=410):
    """The one-time link was used, replaced, or is too old."""


class WeakPasswordError(SurveyError, code="weak_password", status=422):
    """The password is shorter than `shortest` letters, or easily guessed."""


class LoginTakenError(SurveyError, code="login_taken", status=409):
    """Somebody signs in as `login` already."""


class NameTakenError(SurveyError, code="name_taken", status=409):
    """An organisation is called `name` already."""


class InvalidNameError(SurveyError, code="invalid_name", status=422):
    """`name` is no name: it is empty, longer than `most` letters, or not one line."""


class BelowItselfError(SurveyError, code="below_itself", status=409):
    """The organisation `name` would stand below itself."""


class OwnAccountError(SurveyError, code="own_account", status=409):
    """Nobody changes their own role, organisation or access."""


class OwnOrganisationError(SurveyError, code="own_organisation", status=409):
    """Nobody deactivates the organisation that they belong to: it would shut them out."""


class MailError(SurveyError, code="mail", status=503):
    """The mail server did not take the mail."""


class UnacceptableFileError(SurveyError, code="unacceptable_file", status=422):
    """The file `name` cannot be taken; `reason` says why (`problem.*`)."""


class NoFileError(SurveyError, code="no_file", status=422):
    """No file was chosen."""


class InvalidLinkError(SurveyError, code="invalid_link", status=422):
    """`url` is no address on the web."""


class FileTooLargeError(SurveyError, code="file_too_large", status=413):
    """The file `name` is larger than `limit` (text with a unit)."""


class TooManyFilesError(SurveyError, code="too_many_files", status=409):
    """`name` is one too many: the answer has `most` pieces of evidence, as many as it may have."""


class TooManyKeptError(SurveyError, code="too_many_kept", status=409):
    """`name` is one too many: the answer has `most` pieces, with those that were taken away."""


class AssessmentFullError(SurveyError, code="assessment_full", status=409):
    """There is no room for `name`: the assessment's evidence takes `taken` of `most`."""


class OrganisationFullError(SurveyError, code="organisation_full", status=409):
    """There is no room for `name`: the organisation's evidence takes `taken` of `most`."""


class NotAttachedError(SurveyError, code="not_attached", status=409):
    """The piece of `evidence` was taken away before."""


class InvalidHostError(SurveyError, code="invalid_host", status=421):
    """The request is for a `host` that this service is not."""


class WrongPasswordError(SurveyError, code="wrong_password", status=401):
    """Name and password do not belong together; which one is wrong is not said."""


class TooManyAttemptsError(SurveyError, code="too_many_attempts", status=429):
    """Too many sign-ins failed of late; the next one must wait, `minutes` at the most."""


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


class DocumentError(SurveyError, code="document", status=422):
    """A file says something wrong at `file`, `line`, `key`; `reason` is one of `problem.*`."""


class RefusedRowsError(SurveyError, code="refused_rows", status=422):
    """`count` rows of `file` were refused, and the others are measured against all of them."""


class FileMissingError(SurveyError, code="file_missing", status=404):
    """There is no readable file `file`."""


class CheckFailedError(SurveyError, code="check_failed", status=422):
    """A questionnaire has `findings` that keep it from being used; `count` of them."""


class PublishedDiffersError(SurveyError, code="published_differs", status=409):
    """`reference` is published, and the file that now bears its name says something else."""


class UnkeepableError(SurveyError, code="unkeepable", status=422):
    """`value`, of the attribute `name`, cannot be kept: no number beyond `limit`, nor an endless one."""


class DamagedError(SurveyError, code="damaged", status=500):
    """What the database keeps of `what` was damaged, and cannot be read."""


class DamagedCalendarError(SurveyError, code="damaged_calendar", status=500):
    """What the database keeps of the days of a cycle was damaged, and cannot be read."""


class InactiveError(SurveyError, code="inactive", status=409):
    """`organisation` is no longer active; what it answered stays, and nothing new is opened."""


class UnknownRoleError(SurveyError, code="unknown_role", status=422):
    """`found` is none of the `expected` roles, or kinds of organisation."""


class UnknownEntryError(SurveyError, code="unknown_entry", status=404):
    """The log has no entry `number`."""


class CutOffError(SurveyError, code="cut_off", status=400):
    """Whoever sent the request left before it was whole."""


class RenderingError(SurveyError, code="rendering", status=503):
    """The report could not be made, or not within `seconds`."""
