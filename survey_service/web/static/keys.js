// Keys on a page of questions, while one of them has the focus and no text is typed: the number of a
// level chooses it, n goes to the note, j and k to the next and the previous question; where answers
// are checked, a accepts and d scores otherwise.

const focusable = "input:not([type=hidden], :disabled), textarea, button, summary";
const questions = () => [...document.querySelectorAll(".indicator")];

function go(from, step) {
  const next = questions()[questions().indexOf(from) + step];
  const field = next?.querySelector("input:checked") ?? next?.querySelector(focusable);
  next?.scrollIntoView({ block: "nearest" });
  field?.focus();
}

document.addEventListener("keydown", (event) => {
  const question = event.target.closest?.(".indicator");
  const typing = event.target.matches?.("textarea, select, input:not([type=radio], [type=checkbox])");
  if (!question || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const does = {
    j: () => go(question, 1),
    k: () => go(question, -1),
    n: () => question.querySelector("[name=note]").focus(),
    a: () => question.querySelector("[data-accept]")?.click(),
    d: () => {
      const otherwise = question.querySelector("[data-otherwise]");
      if (!otherwise) return;
      otherwise.open = true;
      otherwise.querySelector(focusable.replace(", summary", "")).focus();
    },
  }[event.key];
  const level = question.querySelector(`input[name=choice][value="${CSS.escape(event.key)}"]`);
  if (!does && !level) return;
  event.preventDefault();
  if (does) does();
  else {
    level.focus();
    level.click();
  }
});

// Whoever comes to a question by its address can go on with keys at once.
const here = document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (here?.matches(".indicator")) {
  (here.querySelector("[data-accept]") ?? here.querySelector("input:checked") ?? here.querySelector(focusable))?.focus();
}
