"""What can go wrong when a provider of single sign-on vouches for somebody."""

from survey_service.errors import SurveyError


class SingleSignOnError(SurveyError, code="single_sign_on", status=401):
    """The provider's answer cannot be trusted, or it did not answer; sign in anew."""


class UnknownSubjectError(SurveyError, code="unknown_subject", status=403):
    """The provider vouches for somebody who has no account here."""


class SharedAddressError(SurveyError, code="shared_address", status=403):
    """Several people here have the address `email` that the provider vouches for."""


class SubjectTakenError(SurveyError, code="subject_taken", status=409):
    """The provider vouches for somebody else who has an account here."""
