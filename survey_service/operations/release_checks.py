"""Is a release what it says: every figure of a downloaded one recomputed, without any database."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from msgspec import Struct, structs

from survey_service.analysis.release_changes import changes
from survey_service.analysis.releases import PERCENTS, Figure, Release, Row, figures
from survey_service.conduct.checkpoints import PublicKey
from survey_service.conduct.report_checks import check_log
from survey_service.conduct.statements import Released, Signed, read
from survey_service.conduct.verdicts import Verdict
from survey_service.errors import FileMissingError
from survey_service.errors.papers import UncheckedPaperError, UnreadablePaperError
from survey_service.library import release_columns, report_files
from survey_service.library import releases as library
from survey_service.library.release_archives import opened
from survey_service.library.release_columns import Value
from survey_service.library.releases import Downloaded
from survey_service.maturity.conditions import Profile
from survey_service.maturity.scoring import SCORING_VERSION, Card, score
from survey_service.operations.verifying import Against, verified
from survey_service.reports.tables import guarded


class Difference(Struct, frozen=True):
    """Something in a file of a release that is otherwise when it is worked out anew.

    `about` tells where: the organisation, the group, with the code of a node or indicator.
    """

    file: str
    about: str
    stated: str
    found: str


class Checked(Struct, frozen=True):
    """What was found out about a release; without its organisations, figures of groups stand alone.

    `signed` is the name of the log whose key signed it, "" where it has no statement.
    """

    differences: list[Difference]
    organisations: int
    figures: int
    named: bool
    signed: str = ""


def check(path: Path, before: Path | None = None, key: PublicKey | None = None) -> Checked:
    """Recompute all of a release.

    Args:
        path: Its folder, or the archive in which it was downloaded.
        before: The release that it corrects; None where nobody compares.
        key: Whose statement it must have; None for whosever.

    Raises:
        FileMissingError, NoReleaseError, DocumentError, CheckFailedError: It is none.
    """
    with opened(path) as folder:
        found = _check(folder, key)
        if before is None:
            return found
        with opened(before) as earlier:
            further = list(_changes(library.read(earlier), folder, earlier))
        return structs.replace(found, differences=[*found.differences, *further])


def _check(folder: Path, key: PublicKey | None) -> Checked:
    found = list(_altered(folder))
    downloaded = library.read(folder)
    release, content = downloaded.release, library.statement(folder)
    signed = None if content is None else read(content)
    found += _described(downloaded)
    found += _recomputed(release)
    found += _small(downloaded)
    found += _beside(folder, key)
    if content is not None:
        found += _statement(folder, downloaded, signed, key)
    elif key is not None:
        found.append(Difference(library.STATEMENT, "key", "-", key.line))
    return Checked(
        found,
        release.count,
        len(release.figures),
        release.rows is not None,
        "" if signed is None else signed.key.name,
    )


def _altered(folder: Path) -> Iterator[Difference]:
    """Yield which files are not those of the list of digests."""
    for name, stated, has in library.digests(folder):
        if stated != has:
            yield Difference(name, "SHA-256", stated or "-", has or "-")


def _recomputed(release: Release) -> Iterator[Difference]:
    """Yield what comes out otherwise of the answers; nothing where nobody is named."""
    if release.rows is not None:
        for row in release.rows:
            yield from _row(release, row)
        yield from _groups(release)


def _beside(folder: Path, key: PublicKey | None) -> Iterator[Difference]:
    """Yield what tables for engines and papers say otherwise than the rest."""
    if release_columns.is_readable():
        for path in sorted(folder.glob("*.parquet")):
            yield from _columns(path)
    for path in library.papers(folder):
        yield from _paper(folder, path, key)


def _statement(
    folder: Path, downloaded: Downloaded, signed: Signed | None, key: PublicKey | None
) -> Iterator[Difference]:
    """Yield what the signed statement in a release says otherwise than the release."""
    if signed is None:
        yield Difference(library.STATEMENT, "signature", "-", "Ed25519")
        return
    claim, package = signed.statement.claim, downloaded.package
    released = claim.released or Released(0, 0, named=False)
    pairs: dict[str, tuple[object, object]] = {
        "digests": (claim.answers, library.sha256(folder / library.DIGESTS)),
        "version": (released.number, downloaded.release.edition.number),
        "organisations": (released.organisations, package.organisations),
        "named": (released.named, package.named),
        "key": (signed.key.line, signed.key.line if key is None else key.line),
    }
    yield from _between(library.STATEMENT, "", pairs)
    log, _ = check_log(signed.statement, signed.key)
    if log.outcome == "fails":
        yield Difference(library.STATEMENT, "log", log.reason, "-")


def _paper(folder: Path, path: Path, key: PublicKey | None) -> Iterator[Difference]:
    """Yield what a report beside a release says otherwise than its own statement, or is of another one."""
    try:
        verdict = verified(path, Against(None if key is None else key.line))
        content = report_files.content_of(path)
        signed = read(content[slice(*report_files.statement_in(content))])
    except (FileMissingError, UnreadablePaperError, UncheckedPaperError):
        verdict, signed = Verdict(()), None
    if signed is None:
        yield Difference(path.name, "signature", "-", "Ed25519")
        return
    for one in verdict.findings:
        if one.outcome == "fails":
            yield Difference(path.name, one.check, one.reason, "-")
    pairs = {"digests": (signed.statement.claim.answers, library.sha256(folder / library.DIGESTS))}
    yield from _between(path.name, "", pairs)


def _changes(before: Downloaded, folder: Path, earlier: Path) -> Iterator[Difference]:
    """Yield what a release says otherwise of the one before it, and of what it changes."""
    release = library.read(folder).release
    pairs = {"before": (release.edition.before, library.sha256(earlier / library.DIGESTS))}
    yield from _between(library.PACKAGE, "", pairs)
    told, found = list(release.edition.changes), list(changes(before.release, release))
    for one in told:
        if one not in found:
            yield Difference("changes.csv", f"{one.of} {one.code}".strip(), one.after, "-")
    for one in found:
        if one not in told:
            yield Difference("changes.csv", f"{one.of} {one.code}".strip(), "-", one.after)


def _described(downloaded: Downloaded) -> Iterator[Difference]:
    """Yield what the package says of itself and is otherwise."""
    package, release = downloaded.package, downloaded.release
    rows = release.rows
    pairs = {
        "questionnaire": (package.questionnaire, release.questionnaire.reference),
        "questionnaireDigest": (package.questionnaire_digest, release.digest),
        "scoring": (package.scoring, SCORING_VERSION),
        "organisations": (
            package.organisations,
            package.organisations if rows is None else len(rows),
        ),
    }
    yield from _between(library.PACKAGE, "", pairs)


def _row(release: Release, row: Row) -> Iterator[Difference]:
    """Yield what an organisation's answers are worth otherwise."""
    card = score(release.questionnaire, row.answers, profile=Profile(row.kind, row.attributes))
    yield from _between("organisations.csv", row.name, _results(row, card))
    worth = {code: (stated, _index(card, code)) for code, stated in row.worth.items()}
    yield from _between("indicators.csv", row.name, worth)


def _results(row: Row, card: Card) -> Mapping[str, tuple[object, object]]:
    return {
        "index": (row.index, card.index),
        "grade": (row.grade, card.grade.code if card.grade else None),
        "answered": (row.answered, card.answered),
        "total": (row.total, card.total),
        **{f"index.{code}": (stated, _index(card, code)) for code, stated in row.nodes.items()},
    }


def _groups(release: Release) -> Iterator[Difference]:
    """Yield what figures of groups the organisations have otherwise."""
    anew = {
        (guarded(one.grouping), guarded(one.group), one.code): one
        for one in figures(release.questionnaire, release.rows or ())
    }
    for stated in release.figures:
        yield from _figure(stated, anew.get(stated.key))


def _figure(stated: Figure, found: Figure | None) -> Iterator[Difference]:
    about = " ".join(filter(None, stated.key)) or "-"
    if found is None:
        yield Difference("groups.csv", about, str(stated.count), "-")
        return
    quantiles = zip(PERCENTS, stated.quantiles, found.quantiles, strict=True)
    pairs: dict[str, tuple[object, object]] = {
        "count": (stated.count, found.count),
        "mean": (stated.mean, found.mean),
        **{f"p{percent}": (one, other) for percent, one, other in quantiles},
    }
    yield from _between("groups.csv", about, pairs)


def _columns(path: Path) -> Iterator[Difference]:
    """Yield what a table has as Parquet otherwise than as CSV."""
    as_csv = library.cells(path.parent, f"{path.stem}.csv")
    as_parquet = list(release_columns.rows(path))
    yield from _between(path.name, "", {"rows": (len(as_parquet), len(as_csv))})
    for number, (one, other) in enumerate(zip(as_parquet, as_csv, strict=False), start=1):
        pairs: dict[str, tuple[object, object]] = {
            name: _alike(one.get(name), other.get(name, "")) for name in {**one, **other}
        }
        yield from _between(path.name, str(number), pairs)


def _alike(value: Value, written: str) -> tuple[object, object]:
    """Return a value, and what is written of it, so that both can be compared."""
    if isinstance(value, float) and written:
        return value, float(written)
    return "" if value is None else guarded(str(value)), written


def _small(downloaded: Downloaded) -> Iterator[Difference]:
    """Yield the groups that are told of and are too small, or are told of twice."""
    fewest, seen = downloaded.package.fewest, set()
    for one in downloaded.release.figures:
        about = " ".join(filter(None, one.key)) or "-"
        if one.count < fewest:
            yield Difference("groups.csv", about, str(one.count), f"≥ {fewest}")
        if one.key in seen:
            yield Difference("groups.csv", about, "2", "1")
        seen.add(one.key)


def _between(
    file: str, about: str, pairs: Mapping[str, tuple[object, object]]
) -> Iterator[Difference]:
    for name, (stated, found) in pairs.items():
        if stated != found:
            yield Difference(file, f"{about} {name}".strip(), _said(stated), _said(found))


def _said(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _index(card: Card, code: str) -> Decimal | None:
    node = card.nodes.get(code)
    return None if node is None else node.index
