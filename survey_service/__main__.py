"""`python -m survey_service` is `survey-service`."""

from survey_service.cli import main

main()
