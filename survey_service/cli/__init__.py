"""`survey-service …`: the whole product from a terminal.

Exit codes: 0 done, 1 the input is wrong (said on standard error, with where), 2 wrong usage.
Imports wait inside the commands, so that `--help` answers at once.
"""

import sys

import click
from typing_extensions import override

from survey_service.cli import (
    analyse,
    audit,
    backup,
    exports,
    files,
    jobs,
    organisations,
    releases,
    roadmap,
    scores,
    service,
    verify,
    workbooks,
)
from survey_service.errors import SurveyError
from survey_service.processes import keep_arithmetic_on_one_core


class _Group(click.Group):
    @override
    def invoke(self, ctx: click.Context) -> object:
        keep_arithmetic_on_one_core()
        try:
            return super().invoke(ctx)
        except SurveyError as error:
            files.complain(error)
            sys.exit(1)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            from survey_service.store.faults import fault

            if (known := fault(error)) is None:
                raise
            files.complain(known)
            sys.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="survey-service")
def main() -> None:
    """Versioned reform-maturity questionnaires: assess, score, report."""


main.add_command(files.questionnaire)
main.add_command(scores.score)
main.add_command(roadmap.roadmap)
main.add_command(analyse.analyse)
main.add_command(files.report)
main.add_command(workbooks.workbook)
main.add_command(verify.verify)
main.add_command(verify.demo_certificate)
main.add_command(service.migrate)
main.add_command(service.seed)
main.add_command(service.serve)
main.add_command(jobs.work)
main.add_command(service.doctor)
main.add_command(service.reseal)
main.add_command(backup.backup)
main.add_command(backup.restore)
main.add_command(service.user)
main.add_command(organisations.organisation)
main.add_command(audit.audit)
main.add_command(releases.release)
main.add_command(releases.check_release)
main.add_command(exports.export)
files.questionnaire.add_command(service.publish)
