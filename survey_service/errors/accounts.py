"""What can go wrong with people's accounts, and with signing in to them."""

from survey_service.errors import SurveyError


class SignInRequiredError(SurveyError, code="sign_in_required", status=401):
    """Nobody is signed in, or the session has ended."""


class SecondFactorRequiredError(SurveyError, code="second_factor_required", status=401):
    """Name and password belong together; the code of the second factor is still wanted."""


class WrongCodeError(SurveyError, code="wrong_code", status=401):
    """The code of the second factor is wrong, too old, or was used before."""


class SecondFactorMissingError(SurveyError, code="second_factor_missing", status=403):
    """The organisation requires a second factor, and the person has not set one up."""


class SpentLinkError(SurveyError, code="spent_link", status=410):
    """The one-time link was used, replaced, or is too old."""


class WeakPasswordError(SurveyError, code="weak_password", status=422):
    """The password is shorter than `shortest` letters, or easily guessed."""


class LoginTakenError(SurveyError, code="login_taken", status=409):
    """Somebody signs in as `login` already."""


class OwnAccountError(SurveyError, code="own_account", status=409):
    """Nobody changes their own role, organisation or access."""


class MailError(SurveyError, code="mail", status=503):
    """The mail server did not take the mail."""


class WrongPasswordError(SurveyError, code="wrong_password", status=401):
    """Name and password do not belong together; which one is wrong is not said."""


class TooManyAttemptsError(SurveyError, code="too_many_attempts", status=429):
    """Too many sign-ins failed of late; the next one must wait, `minutes` at the most."""


class UnknownRoleError(SurveyError, code="unknown_role", status=422):
    """`found` is none of the `expected` roles, or kinds of organisation."""
