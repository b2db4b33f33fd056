// Who else is on the page, and what they changed: asked for every few seconds, put in where nobody
// is typing; where somebody is, they are told.

import { parsed, swap } from "./swap.js";

const EVERY = 4000; // milliseconds
const page = document.getElementById("filling");

function seen() {
  const fields = new URLSearchParams({ pulse: document.getElementById("pulse").value });
  for (const form of page.querySelectorAll("form[data-answer]")) {
    fields.set(`revision.${form.dataset.answer}`, form.querySelector("[name=revision]").value);
  }
  for (const one of page.querySelectorAll(".annotations")) fields.set(`annotations.${one.dataset.indicator}`, one.dataset.tag);
  return fields;
}

// Whether somebody writes there; a level that merely has the focus, as on opening a part, keeps it.
function typing(old) {
  const focused = document.activeElement;
  return old.contains(focused) && focused.matches("textarea, input:not([type=radio], [type=checkbox])");
}

// Whether what stands there is what it is now.
function put(old, now) {
  if (!old || old.isEqualNode(now)) return true;
  if ("dirty" in old.dataset || typing(old)) return false;
  swap(old, now);
  return true;
}
const standing = (now) => put(document.getElementById(now.id), now);

function answered(question) {
  const now = question.querySelector("form[data-answer]");
  const old = page.querySelector(`form[data-answer="${now.dataset.answer}"]`);
  if (put(old, now)) return true;
  old.querySelector(".theirs").hidden = false;
  return false;
}

async function ask() {
  if (document.hidden) return;
  const asked = { method: "POST", body: seen(), headers: { "HX-Request": "true" } };
  const answer = await fetch(page.dataset.presence, asked).catch(() => null);
  if (answer?.status !== 200) return; // there is no line, or nothing changed
  const content = parsed(await answer.text());
  const current = [...content.querySelectorAll(".indicator")].map(answered)
    .concat([...content.querySelectorAll(".annotations, #present, #standing, #parts")].map(standing));
  if (current.every(Boolean)) standing(content.getElementById("pulse")); // else it is told again
}

ask();
setInterval(ask, EVERY);
