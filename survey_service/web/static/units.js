// The units of a question as a grid that spreadsheets are pasted into. What is sent is its text field,
// which the grid only shows: a row is a line there, and its cells are apart by tabs.

const LINE = /^(.+?):\s*(?:-\s*(.*?)|([^*!]+?))\s*(?:\*\s*([^*!]+?))?\s*(!)?$/u; // as it is typed
const CELLS = 5, BARE = 3; // name, answer, weight, no evidence, why it does not apply
const SPARE = 2; // empty rows at the end

function read(line) {
  if (line.includes("\t")) {
    const cells = line.split("\t").map((cell) => cell.trim());
    return [...cells, ...Array(CELLS).fill("")].slice(0, CELLS);
  }
  const [, name, reason, mark, weight, bare] = LINE.exec(line.trim()) ?? [];
  return name ? [name.trim(), mark ?? "-", weight ?? "", bare ?? "", reason ?? ""] : [line.trim(), "", "", "", ""];
}
const written = (cells) => cells.join("\t");
const rowsOf = (text) => text.split(/\r?\n/).filter((line) => line.trim()).map(read);

function cell(headings, column, row, value) {
  const field = document.createElement("input");
  field.ariaLabel = `${headings[column]}, ${row + 1}`;
  field.autocomplete = "off";
  if (column === BARE) {
    field.type = "checkbox";
    field.checked = field.defaultChecked = Boolean(value) && !["ya", "ada", "yes", "y", "1"].includes(value.toLowerCase());
  } else {
    if (column === 1 || column === 2) field.inputMode = "decimal";
    field.setAttribute("value", value);
  }
  const place = document.createElement("td");
  place.append(field);
  return place;
}

function row(headings, number, cells) {
  const line = document.createElement("tr");
  line.append(...cells.map((value, column) => cell(headings, column, number, value)));
  return line;
}

class Grid {
  constructor(place) {
    this.place = place;
    this.text = place.querySelector("textarea");
    this.headings = place.dataset.headings.split("|");
    place.querySelector("[data-preview]")?.remove();
    this.text.closest("label").hidden = true;
    this.table = document.createElement("table");
    this.table.innerHTML = "<caption></caption><thead><tr></tr></thead><tbody></tbody>";
    this.table.caption.textContent = place.dataset.caption;
    for (const words of this.headings) {
      const heading = Object.assign(document.createElement("th"), { scope: "col", textContent: words });
      this.table.tHead.rows[0].append(heading);
    }
    this.body = this.table.tBodies[0];
    const scrolls = Object.assign(document.createElement("div"), { className: "overflow-auto" });
    scrolls.append(this.table);
    place.append(scrolls);
    this.show();
    for (const kind of ["input", "change"]) {
      this.table.addEventListener(kind, (event) => {
        event.stopPropagation();
        this.write(kind);
      });
    }
    this.table.addEventListener("paste", (event) => this.paste(event));
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.text.form.addEventListener("settled", () => this.settle());
  }

  get rows() {
    return [...this.body.rows].map((line) => [...line.cells].map(({ firstChild: field }) => (
      field.type === "checkbox" ? (field.checked ? "!" : "") : field.value.trim())));
  }

  get content() {
    return this.rows.filter((cells) => cells.some(Boolean)).map(written).join("\n");
  }

  show() {
    this.body.replaceChildren(...rowsOf(this.text.value).map((cells, number) => row(this.headings, number, cells)));
    this.grow();
  }

  grow(least = 0) {
    const empty = () => this.rows.slice(-SPARE).filter((cells) => !cells.some(Boolean)).length;
    while (this.body.rows.length < Math.max(least, SPARE) || empty() < SPARE) {
      this.body.append(row(this.headings, this.body.rows.length, Array(CELLS).fill("")));
    }
  }

  // A unit that has no answer yet is kept in the browser, and sent once it has one.
  write(kind) {
    this.text.value = this.content;
    this.grow();
    const open = this.rows.some(([name, mark, , , reason]) => (name && !mark && !reason) || (!name && (mark || reason)));
    this.text.dispatchEvent(new Event(open ? "input" : kind, { bubbles: true, cancelable: true }));
  }

  paste(event) {
    const text = event.clipboardData.getData("text/plain").replace(/(\r?\n)+$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    const lines = text.split(/\r?\n/).map((line) => line.split("\t"));
    const at = event.target.closest("td");
    const [top, left] = [at.parentElement.sectionRowIndex, at.cellIndex];
    if (!left && ["unit", "unit kerja", "nama unit", "nama", "name"].includes(lines[0][0].trim().toLowerCase())) lines.shift();
    this.grow(top + lines.length + SPARE);
    lines.forEach((cells, down) => cells.slice(0, CELLS - left).forEach((value, right) => {
      const field = this.body.rows[top + down].cells[left + right].firstChild;
      if (field.type === "checkbox") field.checked = !["", "ya", "ada", "yes", "y", "1"].includes(value.trim().toLowerCase());
      else field.value = value.trim();
    }));
    this.write("change");
  }

  // Enter goes down the column, as in a spreadsheet.
  key(event) {
    const at = event.target.closest("td");
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!at || !step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.body.rows[at.parentElement.sectionRowIndex + step]?.cells[at.cellIndex].firstChild.focus();
  }

  // What was saved, or read as somebody chose, stands in the cells; what may be read in two ways is
  // told apart beside its cell.
  settle() {
    const now = rowsOf(this.text.value).map(written).join("\n");
    if (now !== this.content && !this.table.contains(document.activeElement)) this.show();
    this.table.querySelectorAll(".readings").forEach((one) => one.remove());
    const choice = this.text.form.querySelector(".status > .readings");
    for (const field of this.table.querySelectorAll("input[inputmode=decimal]")) {
      const doubtful = choice && field.value.trim() === choice.dataset.written;
      if (doubtful) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
      if (doubtful) field.after(choice.cloneNode(true));
    }
  }
}

const begin = () => {
  for (const place of document.querySelectorAll("fieldset:not(:disabled) .units:not([data-grid])")) {
    place.dataset.grid = "";
    new Grid(place).settle();
  }
};
begin();
document.addEventListener("htmx:after:process", begin);
