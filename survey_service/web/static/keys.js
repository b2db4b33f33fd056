// Keys on a page of questions, while one of them has the focus and no text is typed: the number of a
// level, the letter of an option, the first letter of yes or no choose; j or Enter and k go to the
// next and the previous question, also of the next part; n goes to the note, u takes the answer back;
// where answers are checked, a accepts and d scores otherwise. A question mark shows all of them.

const focusable = "input:not([type=hidden], :disabled), textarea, button, summary";
const questions = () => [...document.querySelectorAll(".indicator")];
const dialog = document.getElementById("keys");
const written = "input:not([type=radio], [type=checkbox], [type=hidden])";

const field = (question) => ["[data-accept]", "input[name=choice]:checked", focusable]
  .flatMap((one) => [...question.querySelectorAll(one)]).find((one) => one.checkVisibility());

function go(from, step) {
  const next = questions()[questions().indexOf(from) + step];
  if (!next) return leave(document.querySelector(`.steps a[rel=${step > 0 ? "next" : "prev"}]`));
  next.scrollIntoView({ block: "nearest" });
  field(next)?.focus();
}

// What is still on its way when a page is left is not yet on the next one: keys are quicker than the line.
function leave(link) {
  const form = document.querySelector("form[data-answer][data-dirty]");
  if (!link || !form) return link?.click();
  const patience = setTimeout(() => link.click(), 1000); // offline it is sent from the next page
  form.addEventListener("settled", () => { clearTimeout(patience); link.click(); }, { once: true });
}

// What a key chooses: by its code, by its place in the list, or one of two by their first letters.
function chosen(question, key) {
  const choices = [...question.querySelectorAll("input[name=choice], input[name^='items.']:not(.criteria input)")];
  const code = ({ name, value }) => (name === "choice" ? value : name.slice(6)).toLowerCase();
  const exact = choices.find((one) => code(one) === key);
  if (exact) return exact;
  const listed = choices.filter((one) => !["-", "+", "0"].includes(one.value));
  const begins = (one) => one.closest("label").textContent.trim().slice(one.value.length).trim().toLowerCase().startsWith(key);
  const two = listed.length === 2 && listed.filter((one) => code(one).startsWith(key) || begins(one));
  if (two && two.length === 1) return two[0];
  const numbered = listed.length && !listed.some((one) => /^\d/.test(code(one)));
  return numbered && /^[1-9]$/.test(key) ? listed[Number(key) - 1] : undefined;
}

// The next number of the same answer, as Enter goes down a column.
function following(question, from) {
  const fields = [...question.querySelectorAll(`.inputs ${written}`)];
  return fields[fields.indexOf(from) + 1];
}

function enter(event, question) {
  if (!event.target.matches("form[data-answer] input")) return;
  event.preventDefault();
  const next = event.target.closest(".inputs") && following(question, event.target);
  if (next) next.focus();
  else go(question, 1);
}

const meant = (question) => ({
  j: () => go(question, 1),
  k: () => go(question, -1),
  n: () => question.querySelector("[name=note]")?.focus(),
  u: () => question.querySelector("[data-take-back]")?.click(),
  a: () => {
    const accept = question.querySelector("[data-accept]");
    if (accept) accept.click();
    else if (question.querySelector("[data-otherwise]")) go(question, 1);
  },
  d: () => {
    const otherwise = question.querySelector("[data-otherwise]");
    if (!otherwise) return;
    otherwise.open = true;
    otherwise.querySelector(focusable.replace(", summary", "")).focus();
  },
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches?.(`textarea, select, ${written}`);
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
  if (event.key === "?" && !typing) return dialog.showModal();
  const question = event.target.closest?.(".indicator");
  if (!question) return;
  if (event.key === "Enter") return enter(event, question);
  if (typing) return;
  const key = event.key.toLowerCase();
  const scoring = !question.querySelector("[data-otherwise]") || event.target.closest("[data-otherwise] fieldset");
  const choice = scoring ? chosen(question, key) : undefined;
  const does = choice ? () => { choice.focus(); choice.click(); } : meant(question)[key];
  if (!does) return;
  event.preventDefault();
  does();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-keys]")) return;
  event.preventDefault();
  dialog.showModal();
});

// Whoever opens a part can go on with keys at once: at the question of the address, or else at the
// first one that is unanswered. Where fingers type, a focus would only open a keyboard.
const here = document.getElementById(decodeURIComponent(location.hash.slice(1)));
const first = here?.matches(".indicator") ? here : document.querySelector(".indicator[data-open]");
function begin() {
  const idle = [null, document.body].includes(document.activeElement);
  if (!first || !idle || (first !== here && matchMedia("(pointer: coarse)").matches)) return;
  first.scrollIntoView({ block: "nearest" });
  field(first)?.focus({ preventScroll: true });
}
begin();
addEventListener("load", () => setTimeout(begin)); // going to the address's place, browsers drop the focus
