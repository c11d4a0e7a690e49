// Listing 2, variable by variable. Computes in the page: no kernel is needed.
//
// model "data": see dictionary_data in dictionary_stepper.py. model "cell": row * steps + element.
// model "query": which query is shown.

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const NOTE = "Click any value, or use the arrow keys. Outlined: the value that is explained. Dotted: what it reads at the same element. Bold: different from the element before.";
const ROLES = ["value", "key"];

// The kind of a word, by its position: query, key, value, key, value, ...
const role = (word) => (word === 0 ? "query" : ROLES[word % 2]);

function story(data, query, row, step) {
  const [about, found] = [data.rows[row], data.queries[query]];
  const word = Math.floor(step / data.n);
  const where = `Element ${step}: ${found.values[0][step]}, in the ${role(word)} ${found.words[word]}.`;
  const why = data.sentences[found.why[row][step]];
  return { where, value: `${about.name} is ${found.values[row][step]}.`, why: `${about.what} ${why}` };
}

function makeHead(data) {
  const top = make("tr", {}, make("td"));
  const names = [];
  for (let word = 0; word * data.n < data.steps; word++) {
    const cell = make("th", { scope: "colgroup", colspan: data.n, class: `word ${role(word)}` });
    names.push(cell);
    top.append(cell);
  }
  const numbers = make("tr", {}, make("th", { scope: "row" }, "element"));
  for (let t = 0; t < data.steps; t++) {
    numbers.append(make("th", { scope: "col", "data-step": t, class: t % data.n ? "" : "first" }, String(t)));
  }
  const show = (query) => names.forEach((cell, word) => {
    cell.replaceChildren(role(word), make("br"), data.queries[query].words[word]);
  });
  return { element: make("thead", {}, top, numbers), show };
}

function makeCells(data, choose) {
  const body = make("tbody");
  const cells = data.rows.map((about, row) => {
    const name = make("th", { scope: "row" }, about.name);
    if (about.state) name.append(make("span", { class: "mark" }, "state"));
    const line = make("tr", { class: about.state ? "state" : "" }, name);
    body.append(line);
    return Array.from({ length: data.steps }, (_, step) => {
      const cell = make("td", { role: "gridcell", tabindex: -1 });
      if (step % data.n === 0) cell.classList.add("first");
      cell.addEventListener("click", () => choose(row, step));
      line.append(cell);
      return cell;
    });
  });
  return { body, cells };
}

function makeTable(data, choose) {
  const head = makeHead(data);
  const { body, cells } = makeCells(data, choose);
  const table = make("table", { role: "grid", "aria-label": data.title }, head.element, body);
  const holder = make("div", { class: "table" }, table);
  const columns = table.querySelectorAll("[data-step]");
  let shownQuery = -1;
  const fill = (query) => {
    head.show(query);
    const values = data.queries[query].values;
    cells.forEach((line, row) => line.forEach((cell, step) => {
      cell.textContent = values[row][step];
      cell.classList.toggle("quiet", /^[0?]+$/.test(values[row][step]));
      cell.classList.toggle("changed", step > 0 && values[row][step] !== values[row][step - 1]);
    }));
    shownQuery = query;
  };
  const show = (query, row, step) => {
    if (query !== shownQuery) fill(query);
    const reads = data.rows[row].reads;
    cells.forEach((line, i) => line.forEach((cell, t) => {
      const current = i === row && t === step;
      cell.classList.toggle("current", current);
      cell.classList.toggle("read", t === step && reads.includes(i));
      cell.tabIndex = current ? 0 : -1;
    }));
    columns.forEach((cell, t) => cell.classList.toggle("current", t === step));
    const cell = cells[row][step];
    const name = cell.parentElement.firstElementChild.offsetWidth;
    const middle = cell.offsetLeft - name - (holder.clientWidth - name - cell.offsetWidth) / 2;
    holder.scrollLeft = Math.max(0, middle);
  };
  const focus = (row, step) => cells[row][step].focus({ preventScroll: true });
  return { element: holder, show, focus };
}

function makeControls(data, move, chooseQuery) {
  const button = (text, label, rows, steps) => {
    const made = make("button", { type: "button", "aria-label": label, title: label }, text);
    made.addEventListener("click", () => move(rows, steps));
    return made;
  };
  const buttons = [
    button("←", "Element before (left arrow)", 0, -1),
    button("→", "Next element (right arrow)", 0, 1),
    button("↑", "Variable above (up arrow)", -1, 0),
    button("↓", "Variable below (down arrow)", 1, 0),
  ];
  const select = make("select", { "aria-label": "Query" });
  data.queries.forEach((query, i) => {
    select.append(make("option", { value: i }, `${query.name} → ${query.answer}`));
  });
  select.addEventListener("change", () => chooseQuery(Number(select.value)));
  const label = make("label", {}, "Query ", select);
  const show = (query) => (select.value = String(query));
  return { element: make("div", { class: "controls" }, label, ...buttons), show };
}

const KEYS = {
  ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0],
  Home: [0, -Infinity], End: [0, Infinity],
};

function render({ model, el }) {
  const data = model.get("data");
  const inside = (k, size) => Math.min(size - 1, Math.max(0, k));
  const query = () => inside(model.get("query") ?? 0, data.queries.length);
  const place = () => {
    const cell = inside(model.get("cell"), data.rows.length * data.steps);
    return [Math.floor(cell / data.steps), cell % data.steps];
  };
  const change = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  const choose = (row, step) => {
    const at = [inside(row, data.rows.length), inside(step, data.steps)];
    change("cell", at[0] * data.steps + at[1]);
  };
  const move = (rows, steps) => choose(place()[0] + rows, place()[1] + steps);
  const controls = makeControls(data, move, (i) => change("query", i));
  const table = makeTable(data, (row, step) => {
    choose(row, step);
    table.focus(row, step);
  });
  const [where, value, why] = ["span", "strong", "span"].map((tag) => make(tag));
  const told = make("p", { class: "story", role: "status", "aria-live": "polite" }, where, " ", value, " ", why);
  const root = make("section", { class: "ls-dictionary", "aria-label": data.title });
  root.append(make("p", { class: "question" }, data.question), controls.element, told);
  root.append(table.element, make("p", { class: "note" }, NOTE));
  el.append(root);

  const show = () => {
    const [row, step] = place();
    const words = story(data, query(), row, step);
    where.textContent = words.where;
    value.textContent = words.value;
    why.textContent = words.why;
    controls.show(query());
    table.show(query(), row, step);
  };
  root.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.tagName === "SELECT") return;
    move(...KEYS[event.key]);
    if (event.target.closest(".table")) table.focus(...place());
    event.preventDefault();
    event.stopPropagation(); // JupyterLab would go to another cell
  });
  const events = ["change:cell", "change:query"];
  for (const event of events) model.on(event, show);
  show();
  return () => {
    for (const event of events) model.off(event, show);
  };
}

export default { render };
