"""What shows that an action is done: files and links, attached by the team and taken away again."""

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.actions import Action
from survey_service.conduct.evidence import (
    Evidence,
    Kept,
    require_link,
    require_room,
    require_space,
)
from survey_service.errors import NotFoundError
from survey_service.operations import actions, audit
from survey_service.operations.action_places import placed
from survey_service.operations.evidence import Limits
from survey_service.store import action_evidence, evidence
from survey_service.store.database import Reader, Writer


def require_attachable(tx: Reader, actor: Actor, assessment_id: int, action_id: int) -> Action:
    """Return an action if the actor may attach something to it.

    Raises:
        NotFoundError: There is no such action for this actor.
        ForbiddenError: The actor is not of the organisation's team.
    """
    require(actor, "improve", owner=placed(tx, actor, assessment_id).owner)
    return actions.fetch(tx, assessment_id, action_id).action


def list_all(tx: Reader, actor: Actor, assessment_id: int, action_id: int) -> list[Evidence]:
    """Return what is attached to an action, with what was taken away.

    Raises:
        NotFoundError: There is no such action for this actor.
    """
    actions.read(tx, actor, assessment_id, action_id)
    return action_evidence.attached(tx, action_id)


def attach_file(
    tx: Writer,
    actor: Actor,
    assessment_id: int,
    action_id: int,
    name: str,
    kept: Kept,
    limits: Limits,
) -> Evidence:
    """Attach a file that is kept; the same file is attached once, and comes back where it was taken away.

    Raises:
        TooManyFilesError: The action has as much evidence as it may have.
        AssessmentFullError: There is no room for it, or in the organisation's share.
        SurveyError: See `require_attachable`.
    """
    action = require_attachable(tx, actor, assessment_id, action_id)
    known = action_evidence.attached(tx, action_id)
    if same := [one for one in known if one.digest == kept.digest]:
        return _again(tx, actor, action, same)
    _require_room(name, known, limits)
    owner = placed(tx, actor, assessment_id).owner
    taken = evidence.space(tx, assessment_id, owner, kept.digest)
    require_space(name, kept.size, taken, limits.space)
    made = _made(actor, action, name, kept=kept)
    evidence.keep(tx, kept, made.at)
    return _add(tx, actor, action, made)


def attach_link(
    tx: Writer,
    actor: Actor,
    assessment_id: int,
    action_id: int,
    name: str,
    url: str,
    limits: Limits,
) -> Evidence:
    """Attach the address of something on the web, once; it comes back where it was taken away.

    Raises:
        InvalidLinkError: It is none.
        TooManyFilesError: The action has as much evidence as it may have.
        SurveyError: See `require_attachable`.
    """
    action = require_attachable(tx, actor, assessment_id, action_id)
    require_link(url)
    known = action_evidence.attached(tx, action_id)
    if same := [one for one in known if one.url == url]:
        return _again(tx, actor, action, same)
    _require_room(name, known, limits)
    return _add(tx, actor, action, _made(actor, action, name, url=url))


def remove(tx: Writer, actor: Actor, assessment_id: int, action_id: int, piece_id: int) -> Evidence:
    """Take a piece away; it stays on record, and attaching it again brings it back.

    Raises:
        NotFoundError: There is no such piece for this actor.
        NotAttachedError: It was taken away before.
        SurveyError: See `require_attachable`.
    """
    action = require_attachable(tx, actor, assessment_id, action_id)
    before = _fetch(tx, action_id, piece_id)
    return _save(tx, actor, action, before, before.removed(actor.name, clock.now()))


def download(
    tx: Writer, actor: Actor, assessment_id: int, action_id: int, piece_id: int
) -> Evidence:
    """Return the piece whose file the actor is about to get, and record that they did.

    Raises:
        NotFoundError: There is no such file for this actor.
    """
    action = actions.read(tx, actor, assessment_id, action_id).action
    found = _fetch(tx, action_id, piece_id)
    if found.digest is None:
        raise NotFoundError(evidence=piece_id)
    told = {"digest": found.digest}
    below = _path(action, found)
    audit.record_about(tx, actor, "evidence.download", assessment_id, below, after=told)
    return found


def _fetch(tx: Reader, action_id: int, piece_id: int) -> Evidence:
    for one in action_evidence.attached(tx, action_id):
        if one.id == piece_id:
            return one
    raise NotFoundError(evidence=piece_id)


def _require_room(name: str, known: list[Evidence], limits: Limits) -> None:
    attached = sum(one.removed_at is None for one in known)
    require_room(name, attached, len(known), limits.count)


def _made(
    actor: Actor, action: Action, name: str, *, kept: Kept | None = None, url: str | None = None
) -> Evidence:
    return Evidence(
        0,
        action.indicator,
        name,
        kept.digest if kept else None,
        kept.media_type if kept else None,
        kept.size if kept else None,
        url,
        None,
        actor.name,
        clock.now(),
    )


def _again(tx: Writer, actor: Actor, action: Action, same: list[Evidence]) -> Evidence:
    """Return what is attached already; where it was taken away, it comes back."""
    before = same[-1]
    if before.removed_at is None:
        return before
    return _save(tx, actor, action, before, before.restored())


def _add(tx: Writer, actor: Actor, action: Action, made: Evidence) -> Evidence:
    added = action_evidence.add(tx, action.id, made)
    below = _path(action, added)
    audit.record_about(tx, actor, "action.attach", action.assessment_id, below, after=added)
    return added


def _save(tx: Writer, actor: Actor, action: Action, before: Evidence, after: Evidence) -> Evidence:
    action_evidence.save(tx, after)
    what = "action.detach" if after.removed_at else "action.attach"
    below = _path(action, after)
    audit.record_about(tx, actor, what, action.assessment_id, below, before=before, after=after)
    return after


def _path(action: Action, piece: Evidence) -> str:
    return f"{actions.path(action)}/evidence/{piece.id}"
