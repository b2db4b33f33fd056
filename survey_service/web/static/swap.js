// Puts something new in the place of what a page shows. What was typed beside an answer and not sent,
// and what was opened, stays so; and so does the focus.

function carry(old, now, sent) {
  for (const { id } of old.querySelectorAll("details[open] > summary")) {
    const summary = now.querySelector(`[id="${id}"]`);
    if (summary) summary.parentElement.open = true;
  }
  for (const field of old.querySelectorAll(".annotations textarea, .annotations input:not([type=hidden])")) {
    if (field.form === sent || field.value === field.defaultValue) continue;
    const same = now.querySelector(`form[action="${field.form.getAttribute("action")}"]`)?.elements[field.name];
    if (same && field.type === "file") same.files = field.files;
    else if (same) same.value = field.value;
  }
}

// Returns what puts the focus back after a swap, if it went with what was there: on the same thing,
// or else on what it was folded in, or else on the answer of its question.
function held(old) {
  const focused = document.activeElement;
  if (!old?.contains(focused)) return () => {};
  const question = focused.closest(".indicator")?.id;
  const within = (selector) => question && document.querySelector(`[id="${question}"] ${selector}`);
  const places = [
    () => focused.id && document.getElementById(focused.id),
    () => focused.name && focused.form && within(`form[action="${focused.form.getAttribute("action")}"] [name="${focused.name}"]`
      + (focused.type === "radio" ? `[value="${CSS.escape(focused.value)}"]` : "")),
    () => document.getElementById(focused.closest("details")?.querySelector("summary")?.id ?? ""),
    () => within("form[data-answer] input:checked") || within("form[data-answer] input:not([type=hidden])")
      || within("form[data-answer] textarea"),
  ];
  return () => {
    if (document.activeElement !== document.body) return; // it is somewhere
    for (const place of places) {
      place()?.focus?.();
      if (document.activeElement !== document.body) return;
    }
  };
}

export function swap(old, now, sent) {
  carry(old, now, sent);
  const focus = held(old);
  old.replaceWith(now);
  window.htmx.process(now);
  focus();
}

export const parsed = (html) => Object.assign(document.createElement("template"), { innerHTML: html }).content;

let focuses = [];
document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  for (const { target, fragment } of tasks) carry(target, fragment, ctx.sourceElement);
  focuses = tasks.map(({ target }) => held(target));
});
document.addEventListener("htmx:after:swap", () => focuses.splice(0).forEach((focus) => focus()));
