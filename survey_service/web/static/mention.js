// Names to choose from while somebody types `@` in a comment: those of the list beside it, which has
// whoever may see the comment. Without script the list itself serves.

const MOST = 8;
let open = null; // the field that is written in, its names on offer, and which one is at hand

const offer = document.createElement("ul");
offer.className = "offer";
offer.id = "offer";
offer.role = "listbox";
const told = Object.assign(document.createElement("p"), { className: "hidden", role: "status" });
document.body.append(told);

// The name that is being written, from an `@` that begins a word up to the caret.
function begun(field) {
  const before = field.value.slice(0, field.selectionStart);
  return /(?:^|[\s(])@([^@\n]{0,40})$/u.exec(before)?.[1];
}

function close() {
  if (!open) return;
  for (const name of ["aria-controls", "aria-activedescendant"]) open.field.removeAttribute(name);
  offer.remove();
  told.textContent = "";
  open = null;
}

function mark(at) {
  open.at = (at + offer.children.length) % offer.children.length;
  [...offer.children].forEach((line, number) => { line.ariaSelected = String(number === open.at); });
  open.field.setAttribute("aria-activedescendant", `offer-${open.at}`);
}

function show(field, names, words) {
  offer.replaceChildren(...names.map((name, number) => (
    Object.assign(document.createElement("li"), { id: `offer-${number}`, role: "option", textContent: `@${name}` }))));
  offer.ariaLabel = words.split(":")[0];
  field.closest("label").after(offer);
  field.setAttribute("aria-controls", "offer");
  field.setAttribute("aria-autocomplete", "list");
  told.textContent = words.replace("{count}", names.length);
  open = { field, at: 0 };
  mark(0);
}

function choose(line) {
  const { field } = open;
  const end = field.selectionStart;
  const start = end - begun(field).length - 1;
  field.setRangeText(`${line.textContent} `, start, end, "end");
  close();
  field.dispatchEvent(new Event("input", { bubbles: true })); // what is typed is kept
  field.focus();
}

document.addEventListener("input", ({ target: field }) => {
  const list = field.matches?.("textarea[name=text]") && field.form?.querySelector("select[name=mention]");
  if (!list) return;
  const name = begun(field)?.toLowerCase();
  const people = [...list.options].filter(({ value }) => value !== "0").map(({ textContent }) => textContent.slice(1));
  const fitting = (one) => one.toLowerCase().split(" ").some((part, at, all) => all.slice(at).join(" ").startsWith(name));
  const names = name === undefined ? [] : people.filter(fitting).slice(0, MOST);
  close();
  if (names.length) show(field, names, list.closest("[data-mention]").dataset.mention);
});
document.addEventListener("keydown", (event) => {
  if (!open || event.target !== open.field) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) mark(open.at + step);
  else if (event.key === "Enter" || event.key === "Tab") choose(offer.children[open.at]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("pointerdown", (event) => {
  const line = event.target.closest?.(".offer li");
  if (!line) return;
  event.preventDefault(); // the focus stays in the text
  choose(line);
});
document.addEventListener("focusout", ({ target }) => target === open?.field && close());
