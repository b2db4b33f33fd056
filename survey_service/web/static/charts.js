// Names what is drawn in a chart when it is pointed at, touched or reached by the keyboard; with the
// arrow keys one goes from mark to mark, of which only one is on the way of the tab key.

const MARK = ".chart [role=img][tabindex]";
const tip = document.createElement("div");
tip.className = "tip";
tip.ariaHidden = "true"; // the mark tells its name itself
tip.hidden = true;
document.body.append(tip);

function show(mark) {
  const { left, top, width, bottom } = mark.getBoundingClientRect();
  tip.textContent = mark.getAttribute("aria-label");
  tip.hidden = false;
  const middle = left + width / 2 - tip.offsetWidth / 2;
  tip.style.left = `${Math.max(4, Math.min(middle, innerWidth - tip.offsetWidth - 4))}px`;
  tip.style.top = top > tip.offsetHeight + 8 ? `${top - tip.offsetHeight - 6}px` : `${bottom + 6}px`;
}
const hide = () => { tip.hidden = true; };

for (const mark of document.querySelectorAll(MARK)) mark.querySelector("title")?.remove(); // ours is quicker
for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, ({ target }) => {
    const mark = target.closest?.(MARK);
    if (mark) show(mark);
    else if (kind === "pointerover") hide();
  });
}
for (const kind of ["focusout", "scroll"]) document.addEventListener(kind, hide, true);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
  const mark = event.target.closest?.(MARK);
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!mark || !step) return;
  const all = [...mark.closest("svg").querySelectorAll("[role=img][tabindex]")];
  const next = all[all.indexOf(mark) + step];
  event.preventDefault();
  if (!next) return;
  mark.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
});
