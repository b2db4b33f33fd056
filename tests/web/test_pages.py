"""The pages without script, as a person with an old browser meets them."""

from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from httpx import AsyncClient, Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from tests.pdfs import conforming
from tests.samples import PASSWORD

Client = AsyncTestClient[Litestar]
PART = "/assessments/1/parts/merit"


async def post(
    client: AsyncClient,
    path: str,
    fields: Mapping[str, str] | None = None,
    *,
    follow: bool = True,
    **more: str,
) -> Response:
    return await client.post(
        path,
        content=urlencode({**(fields or {}), **more}),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        follow_redirects=follow,
    )


@pytest.fixture
async def alice(client: Client) -> Client:
    """Yield the client with alice signed in and an assessment opened."""
    await post(client, "/sign-in", login="alice", password=PASSWORD)
    opened = await post(client, "/assessments", questionnaire="two-dimensions@1")
    assert opened.url.path == PART
    return client


async def test_a_visitor_is_asked_to_sign_in_and_brought_back(client: Client) -> None:
    asked = await client.get("/questionnaires/two-dimensions/1", follow_redirects=True)
    signed_in = await post(
        client,
        "/sign-in",
        login="alice",
        password=PASSWORD,
        next="/questionnaires/two-dimensions/1",
    )

    assert asked.url.path == "/sign-in"
    assert 'value="/questionnaires/two-dimensions/1"' in asked.text
    assert signed_in.url.path == "/questionnaires/two-dimensions/1"


async def test_a_wrong_password_keeps_the_name_and_says_so(client: Client) -> None:
    answer = await post(client, "/sign-in", login="alice", password="wrong")

    assert answer.status_code == 401
    assert 'value="alice"' in answer.text
    assert "do not match" in answer.text


@pytest.mark.parametrize(
    "page", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "\n/x"]
)
async def test_signing_in_never_leads_to_another_site(client: Client, page: str) -> None:
    answer = await post(
        client, "/sign-in", follow=False, login="alice", password=PASSWORD, next=page
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_a_planted_session_is_not_taken_over(client: Client) -> None:
    client.cookies.set("session", "planted")

    answer = await post(client, "/sign-in", follow=False, login="alice", password=PASSWORD)

    assert "planted" not in answer.headers["set-cookie"]
    client.cookies.clear()
    client.cookies.set("session", "planted")
    assert (await client.get("/", follow_redirects=True)).url.path == "/sign-in"


async def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(
    client: Client,
) -> None:
    answer = await post(client, "/sign-in", follow=False, login="alice", password=PASSWORD)

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


async def test_home_says_what_waits_and_how_much_of_it_is_left(alice: Client) -> None:
    home = (await alice.get("/")).text

    assert '<a href="/assessments/1"><strong>Answer</strong>' in home
    assert "Two dimensions 1 · no. 1" in home
    assert "5 left" in home
    assert "two-dimensions@1" not in home


async def test_what_is_answered_is_to_be_handed_in_by_whoever_may(alice: Client) -> None:
    for code in "ABCDE":
        await post(alice, f"/assessments/1/responses/{code}", choice="3", revision="0")

    home = (await alice.get("/")).text

    assert '<a href="/assessments/1/steps/submit"><strong>Hand in</strong>' in home
    assert "0 left" not in home


async def test_questionnaires_can_be_opened_by_whoever_may(alice: Client) -> None:
    mine = (await alice.get("/questionnaires")).text
    await post(alice, "/sign-in", login="bob", password=PASSWORD)
    his = (await alice.get("/questionnaires")).text

    assert "Open an assessment on Two dimensions 1" in mine
    assert "two-dimensions" in his
    assert "Open an assessment" not in his


async def test_assessments_are_found_by_what_they_are(alice: Client) -> None:
    for _ in range(20):
        await post(alice, "/assessments", questionnaire="two-dimensions@1")

    newest = (await alice.get("/assessments?name=genc&state=draft&cycle=0")).text
    older = (await alice.get("/assessments?name=&cursor=2")).text
    none = (await alice.get("/assessments?state=final")).text

    assert "/assessments/21/result" in newest
    assert "cursor=2" in newest
    assert "/assessments/1/result" not in newest
    assert "/assessments/1/result" in older
    assert "Nothing matches" in none


async def test_who_has_nothing_to_do_is_told_so(client: Client) -> None:
    home = await post(client, "/sign-in", login="charlie", password=PASSWORD)
    listed = await client.get("/assessments")

    assert "Nothing waits for you" in home.text
    assert "Nothing has been opened yet" in listed.text


async def test_a_refused_form_gives_back_what_was_typed_but_for_secrets(alice: Client) -> None:
    refused = await post(
        alice, "/assessments", questionnaire="nothing@1", reason="typed words", password="secret"
    )

    assert refused.status_code == 404
    assert "typed words" in refused.text
    assert "unknown_questionnaire, 404" in refused.text
    assert "secret" not in refused.text


async def test_a_questionnaire_can_be_read_before_it_is_answered(alice: Client) -> None:
    page = (await alice.get("/questionnaires/two-dimensions/1")).text

    assert "For tests." in page
    assert "weight 60" in page
    assert "Three." in page


async def test_an_answer_is_saved_and_the_page_shows_it(alice: Client) -> None:
    saved = await post(
        alice, "/assessments/1/responses/A", choice="4", note="see minutes", revision="0"
    )

    assert saved.url.path == PART
    assert saved.url.fragment == "A"
    assert 'value="4" checked' in saved.text
    assert "see minutes" in saved.text
    assert "by alice" in saved.text
    assert "1 of 5 answered" in saved.text


async def test_what_does_not_apply_needs_a_reason_and_keeps_the_note(alice: Client) -> None:
    refused = await post(
        alice, "/assessments/1/responses/A", choice="-", reason=" ", note="long text", revision="0"
    )
    saved = await post(
        alice, "/assessments/1/responses/A", choice="-", reason="no posts", revision="0"
    )

    assert refused.status_code == 422
    assert "Say why indicator A does not apply" in refused.text
    assert "long text" in refused.text
    assert "no posts" in saved.text


async def test_a_note_without_an_answer_is_kept_on_the_page(alice: Client) -> None:
    answer = await post(alice, "/assessments/1/responses/A", note="half a thought")

    assert answer.status_code == 422
    assert "half a thought" in answer.text


async def test_a_stale_save_shows_both_versions_and_loses_neither(alice: Client) -> None:
    await post(alice, "/assessments/1/responses/A", choice="4", note="theirs", revision="0")

    stale = await post(alice, "/assessments/1/responses/A", choice="2", note="mine", revision="0")
    again = await post(alice, "/assessments/1/responses/A", choice="2", note="mine", revision="1")

    assert stale.status_code == 409
    assert "theirs" in stale.text
    assert "mine" in stale.text
    assert '<button name="revision" value="1">' in stale.text  # only this replaces theirs
    assert again.status_code == 200


async def test_options_and_numbers_are_filled_in_as_people_write_them(alice: Client) -> None:
    await post(alice, "/assessments", questionnaire="kinds@1")
    letter = await post(alice, "/assessments/2/responses/L1", choice="B", revision="0")
    number = await post(alice, "/assessments/2/responses/N1", value="12,5", revision="0")
    words = await post(alice, "/assessments/2/responses/N1", value="twelve", revision="1")
    stale = await post(alice, "/assessments/2/responses/L1", choice="C", revision="0")
    nothing = await post(
        alice, "/assessments/2/responses/N1", choice="-", reason="no data", revision="1"
    )

    assert 'value="B" checked' in letter.text
    assert 'name="value" inputmode="decimal" autocomplete="off" value="12.5"' in number.text
    assert words.status_code == 422
    assert "twelve is not a number" in words.text
    assert "B In part." in stale.text
    assert "C None." in stale.text
    assert "no data" in nothing.text
    report = await alice.get("/assessments/2/report.pdf")
    page = await alice.get("/questionnaires/kinds/1")
    assert conforming(report.content)
    assert "B (67.5)" in page.text


async def test_what_was_typed_outlives_the_session(alice: Client) -> None:
    fields = {"choice": "4", "note": "an hour of work", "revision": "0"}
    await post(alice, "/sign-out")

    kept = await post(alice, "/assessments/1/responses/A", choice="4", note="an hour of work")
    line = await alice.post(
        "/assessments/1/responses/A",
        content=urlencode(fields),
        headers={"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"},
    )

    assert kept.status_code == line.status_code == 401
    assert "an hour of work" in kept.text
    assert 'href="/sign-in?next=/assessments/1"' in kept.text
    assert "<html" not in line.text  # the form with its text stays, a line is added
    assert line.headers["HX-Reswap"] == "afterbegin"
    assert 'href="/sign-in"' in line.text


async def test_script_gets_the_status_and_the_moved_index_only(alice: Client) -> None:
    answer = await alice.post(
        "/assessments/1/responses/A",
        content=urlencode({"choice": "4", "revision": "0"}),
        headers={"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"},
    )

    assert "<html" not in answer.text
    assert 'name="revision" value="1"' in answer.text
    assert '<span class="index">4.00</span>' in answer.text


async def test_going_on_leads_to_the_first_part_with_something_unanswered(alice: Client) -> None:
    for code in "AB":
        await post(alice, f"/assessments/1/responses/{code}", choice="3", revision="0")
    second = await alice.get("/assessments/1", follow_redirects=True)
    for code in "CDE":
        await post(alice, f"/assessments/1/responses/{code}", choice="3", revision="0")
    done = await alice.get("/assessments/1", follow_redirects=True)

    assert second.url.path == "/assessments/1/parts/oversight"
    assert done.url.path == "/assessments/1/result"


async def test_the_result_shows_index_refused_grade_and_next_steps(alice: Client) -> None:
    for code, level in {"A": 5, "B": 4, "C": 1, "D": 1, "E": 1}.items():
        await post(alice, f"/assessments/1/responses/{code}", choice=str(level), revision="0")

    result = (await alice.get("/assessments/1/result")).text

    assert '<p class="index">2.95</p>' in result  # 0.6*(5 + 3*4)/4 + 0.4*1
    assert "To two." in result
    assert "<svg" in result


async def test_handing_in_lists_what_is_missing_each_a_link(alice: Client) -> None:
    answer = await post(alice, "/assessments/1/steps", step="submit")

    assert answer.status_code == 409
    assert "Indicators still to be answered or confirmed: 5" in answer.text
    assert 'href="/assessments/1/parts/oversight#C"' in answer.text


async def test_what_is_handed_in_is_read_only_until_taken_back(alice: Client) -> None:
    for code in "ABCDE":
        await post(alice, f"/assessments/1/responses/{code}", choice="3", revision="0")
    submitted = await post(alice, "/assessments/1/steps", step="submit")

    late = await post(alice, "/assessments/1/responses/A", choice="4", note="late", revision="1")
    withdrawn = await post(alice, "/assessments/1/steps", step="withdraw")

    assert "<h1>Receipt</h1>" in submitted.text
    assert late.status_code == 409
    assert "late" in late.text
    assert "fieldset disabled" in late.text
    assert 'data-step="submit"' in withdrawn.text


async def test_the_report_can_be_downloaded(alice: Client) -> None:
    answer = await alice.get("/assessments/1/report.pdf?lang=id")

    assert conforming(answer.content)


async def test_the_language_is_the_browsers_until_one_is_chosen(client: Client) -> None:
    first = await client.get("/sign-in", headers={"Accept-Language": "en-GB,en;q=0.9,id;q=0.1"})
    await post(client, "/language", language="id", next="/sign-in")
    chosen = await client.get("/sign-in", headers={"Accept-Language": "en"})
    await post(client, "/language", language="xx")
    unknown = await client.get("/sign-in", headers={"Accept-Language": "en"})

    assert '<html lang="en">' in first.text
    assert '<html lang="id">' in chosen.text
    assert '<html lang="id">' in unknown.text


async def test_signing_out_ends_the_session_itself(alice: Client) -> None:
    token = alice.cookies["session"]
    await post(alice, "/sign-out")
    alice.cookies.set("session", token)

    assert (await alice.get("/", follow_redirects=True)).url.path == "/sign-in"


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/assessments/999", "/assessments/1/parts/nothing", "/assessments/1/result"],
)
async def test_what_is_not_there_or_not_ones_own_is_a_page_that_says_so(
    alice: Client, path: str
) -> None:
    await post(alice, "/sign-out")
    await post(alice, "/sign-in", login="charlie", password=PASSWORD)

    answer = await alice.get(path, follow_redirects=True)

    assert answer.status_code == 404
    assert "Check the address" in answer.text


async def test_an_unknown_indicator_is_not_found(alice: Client) -> None:
    answer = await post(alice, "/assessments/1/responses/Z", choice="3")

    assert answer.status_code == 404


@pytest.mark.parametrize("body", ["choice=%FF", "level", "a=1&" * 300])
async def test_a_form_that_cannot_be_read_is_refused(alice: Client, body: str) -> None:
    answer = await alice.post(
        "/assessments/1/responses/A",
        content=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert answer.status_code == 400


async def test_signing_out_without_a_session_is_no_error(client: Client) -> None:
    assert (await post(client, "/sign-out")).url.path == "/sign-in"


async def test_any_form_gives_back_what_was_typed_once_the_session_is_over(alice: Client) -> None:
    await post(alice, "/assessments", questionnaire="two-dimensions@1")
    alice.cookies.clear()

    kept = await post(alice, "/assessments/1/remarks", text="All of this was typed.")

    assert kept.status_code == 401
    assert "All of this was typed." in kept.text


async def test_what_arrives_twice_is_done_once(alice: Client) -> None:
    await post(alice, "/assessments", questionnaire="two-dimensions@1")
    for code in "ABCDE":
        await post(alice, f"/assessments/1/responses/{code}", choice="3", revision="0")
    beside = "/assessments/1/responses/A"
    for _ in range(2):
        await post(alice, f"{beside}/remarks", text="once")
        await post(alice, f"{beside}/links", url="https://example.go.id")
        await post(alice, "/assessments/1/remarks", text="of all")
        assert (await post(alice, "/assessments/1/steps", step="submit")).status_code == 200

    api = "/api/v1/assessments/1"
    told = [(await alice.get(f"{api}/{what}")).json()["items"] for what in ("remarks", "evidence")]
    assert [one["text"] for one in told[0]] == ["once", "of all"]
    assert [one["url"] for one in told[1]] == ["https://example.go.id"]
    assert len((await alice.get(f"{api}/steps")).json()["items"]) == 1
