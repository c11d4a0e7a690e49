// The lines of a program, to be put in order with buttons or by dragging. Needs no kernel.
//
// model "data": see parsons_data in parsons.py. model "order": the numbers of the lines in use, from
// the top, counted from 1. What is said here of an order, parsons_lines.py says in Python.

const quote = (line) => {
  const [first, ...more] = line.text.trim().split("\n");
  return more.length ? `${first} …` : first;
};

// --- the logic --------------------------------------------------------------------------------------
// The indentations at which a line may stand below others.
const levels = (above) =>
  above.reduce((open, line) => [...open.filter((level) => level < line.indent), line.indent], [0]);

function misplaced(above, line) {
  const last = above.at(-1);
  if (last?.opens) return line.indent > last.indent ? "" : "should be inside the block above it.";
  if (!levels(above).includes(line.indent)) return "is indented, but no line above it opens that block.";
  return last?.ends && last.indent === line.indent ? "is never reached: the line above it ends the block." : "";
}

function misfit(data, order, place) {
  const lineOf = (number) => data.lines[number - 1];
  const [above, line, below] = [order.slice(0, place).map(lineOf), lineOf(order[place]), order.slice(place + 1).map(lineOf)];
  const made = new Set([...data.outside, ...above.flatMap((other) => other.defines)]);
  for (const name of line.needs.filter((needed) => !made.has(needed))) {
    const later = below.some((other) => other.defines.includes(name));
    return later ? `uses \`${name}\` before it is made.` : `uses \`${name}\`, which no line in use makes.`;
  }
  return misplaced(above, line);
}

// Whether a right order can begin like this.
function begins(begun, { lines, pairs }) {
  if (!begun.every((number) => lines.includes(number))) return false;
  const place = (number) => begun.indexOf(number);
  return pairs.every(([a, b]) => place(b) < 0 || (place(a) >= 0 && place(a) < place(b)));
}

// A sentence about the first line that does not fit, or nothing.
function firstProblem(data, order) {
  if (!order.length) return "No line is used yet.";
  const name = (place) => `Line ${place + 1}, \`${quote(data.lines[order[place] - 1])}\`,`;
  for (let place = 0; place < order.length; place++) {
    const said = misfit(data, order, place);
    if (said) return `${name(place)} ${said}`;
    const begun = order.slice(0, place + 1);
    if (!data.solutions.some((solution) => begins(begun, solution))) return `${name(place)} does not fit here.`;
  }
  if (data.lines[order.at(-1) - 1].opens) return `${name(order.length - 1)} has nothing inside it.`;
  const done = data.solutions.some((solution) => solution.lines.length === order.length);
  return done ? "" : "Every line fits so far, but something is missing.";
}

// The order with one line at another place, or as near to it as there is one; null leaves it out.
function moved(order, number, place) {
  const others = order.filter((other) => other !== number);
  if (place === null) return others;
  const at = Math.min(others.length, Math.max(0, place));
  return [...others.slice(0, at), number, ...others.slice(at)];
}

// --- the page ---------------------------------------------------------------------------------------
function showCode(line) {
  const rows = line.text.split("\n").map((row) => {
    const indent = row.length - row.trimStart().length;
    const said = indent ? [make("span", { class: "said" }, "indented: ")] : [];
    return make("span", { class: "piece", style: `--indent: ${indent}` }, ...said, row.trimStart());
  });
  return make("code", { class: "line" }, ...rows);
}

// One line with its buttons. It stays the same element wherever it goes.
function makeLine(line, number, { move, place, count, use }) {
  const name = quote(line);
  const up = makeButton("↑", () => move(number, place(number) - 1), { "aria-label": `Move up: ${name}`, title: "Up" });
  const down = makeButton("↓", () => move(number, place(number) + 1), { "aria-label": `Move down: ${name}`, title: "Down" });
  const toggle = makeButton("", () => move(number, place(number) < 0 ? count() : null));
  const buttons = make("span", { class: "buttons" }, up, down, ...(use ? [toggle] : []));
  const element = make("li", { draggable: "true", "data-number": number }, make("div", {}, showCode(line), buttons));
  const show = () => {
    const at = place(number);
    for (const button of [up, down]) button.hidden = at < 0;
    // aria-disabled, not disabled: a button that is disabled under a finger loses the focus
    up.setAttribute("aria-disabled", at === 0);
    down.setAttribute("aria-disabled", at === count() - 1);
    toggle.textContent = at < 0 ? "Use" : "Leave out";
    toggle.setAttribute("aria-label", `${toggle.textContent}: ${name}`);
  };
  return { element, show };
}

// Before which of the lines in a list something is dropped.
function dropPlace(list, y) {
  const boxes = [...list.children].map((child) => child.getBoundingClientRect());
  const place = boxes.findIndex((box) => y < box.top + box.height / 2);
  return place < 0 ? boxes.length : place;
}

// drop(number, place): the line dragged, and before which line of this list it falls.
function acceptDrops(root, list, dragged, drop) {
  const unmark = () => root.querySelectorAll("[data-drop]").forEach((element) => delete element.dataset.drop);
  list.addEventListener("dragover", (event) => {
    if (!dragged()) return;
    event.preventDefault();
    unmark();
    const place = dropPlace(list, event.clientY);
    if (place < list.children.length) list.children[place].dataset.drop = "before";
    else (list.lastElementChild ?? list).dataset.drop = "after";
  });
  list.addEventListener("dragleave", unmark);
  list.addEventListener("drop", (event) => {
    if (!dragged()) return;
    event.preventDefault();
    unmark();
    drop(dragged(), dropPlace(list, event.clientY));
  });
}

function makeDrags(root, lists, move, order) {
  let number = 0;
  root.addEventListener("dragstart", (event) => {
    const line = event.target.closest?.("li[data-number]");
    number = line ? Number(line.dataset.number) : 0;
    if (number) event.dataTransfer.setData("text/plain", "");
  });
  root.addEventListener("dragend", () => (number = 0));
  acceptDrops(root, lists.used, () => number, (line, place) => {
    const at = order().indexOf(line);
    move(line, at >= 0 && at < place ? place - 1 : place);
  });
  if (lists.left) acceptDrops(root, lists.left, () => number, (line) => move(line, null));
}

function render({ model, el }) {
  const data = model.get("data");
  const order = () => model.get("order");
  const answer = makeAnswer();
  const root = make("section", { class: "ls-exercise ls-parsons", "aria-label": data.question });
  const lists = { used: make("ol", { class: "used", "aria-label": "Your program" }) };
  if (data.leftOver) lists.left = make("ul", { class: "left", "aria-label": "Left out" });

  const save = (next) => {
    model.set("order", next);
    model.save_changes();
  };
  const say = (number) => {
    const at = order().indexOf(number);
    const what = at < 0 ? "Left out: " : `Line ${at + 1} of ${order().length} is now `;
    answer.say("open", make("p", {}, what, make("code", {}, quote(data.lines[number - 1]))));
  };
  const move = (number, place) => {
    const next = moved(order(), number, place);
    if (next.join() === order().join()) return;
    save(next);
    say(number);
  };
  const host = { move, place: (number) => order().indexOf(number), count: () => order().length, use: data.leftOver };
  const lines = data.lines.map((line, i) => makeLine(line, i + 1, host));
  const check = () => {
    const problem = firstProblem(data, order());
    const text = problem ? `✗ Not yet. ${problem}` : "✓ Right: every line is in its place.";
    answer.say(problem ? "wrong" : "right", make("p", {}, ...phrase(text)));
  };
  const again = () => {
    save(data.start);
    answer.say("open", make("p", {}, "All lines are where they were at the start."));
  };
  root.append(make("p", { class: "title" }, ...phrase(data.question)));
  if (lists.left) root.append(make("p", { class: "note" }, "Some lines do not belong: leave them out."));
  root.append(lists.used);
  if (lists.left) root.append(make("p", { class: "name" }, "Left out"), lists.left);
  root.append(make("p", { class: "actions" }, makeButton("Check", check), makeButton("Start again", again)), answer.element);
  makeDrags(root, lists, move, order);
  keepKeys(root);
  el.append(root);

  const show = () => {
    const used = order();
    const left = lines.map((_, i) => i + 1).filter((number) => !used.includes(number));
    const focused = root.getRootNode().activeElement;
    lists.used.replaceChildren(...used.map((number) => lines[number - 1].element));
    lists.left?.replaceChildren(...left.map((number) => lines[number - 1].element));
    for (const line of lines) line.show();
    if (root.contains(focused)) focused.focus(); // it has moved with its line
  };
  model.on("change:order", show);
  show();
  return () => model.off("change:order", show);
}

export default { render };
export { firstProblem, moved };
