// A trace laid on the graph, one step at a time. Computes in the page: no kernel is needed.
//
// model "data": see stepper_data in trace_stepper.py. model "step": the step that is shown.

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// What a node held one element earlier; nothing before the first.
const before = (node, step) => (step > 0 ? node.values[step - 1] : undefined);
const changed = (node, step) => step > 0 && node.values[step] !== before(node, step);

function sentence(data, step) {
  const [input, output] = [data.nodes[0], data.nodes[data.output]];
  const states = data.nodes.filter((node) => node.state);
  const moved = states.filter((node) => changed(node, step));
  const parts = [`Step ${step}: reads ${input.values[step]}.`];
  for (const node of moved) {
    parts.push(`${node.name} goes from ${before(node, step)} to ${node.values[step]}.`);
  }
  if (step === 0) {
    for (const node of states) parts.push(`${node.name} is ${node.values[0]}.`);
  } else if (states.length && !moved.length) {
    parts.push("No state changes.");
  }
  const again = step > 0 && !changed(output, step) ? "still " : "";
  parts.push(`The output is ${again}${output.values[step]}.`);
  return parts.join(" ");
}

// The picture comes from Python, escaped there; it holds no scripts.
function makeGraph(data) {
  const holder = make("div", { class: "graph" });
  holder.innerHTML = data.svg;
  const svg = holder.querySelector("svg");
  const groups = data.nodes.map((_, i) => svg.querySelector(`[data-node="${i}"]`));
  const show = (step) => {
    svg.setAttribute("aria-label", `${data.title}. ${sentence(data, step)}`);
    data.nodes.forEach((node, i) => {
      groups[i].querySelector(".ls-value").textContent = node.values[step];
      groups[i].classList.toggle("changed", changed(node, step));
    });
  };
  return { element: holder, show };
}

function makeTable(data, choose) {
  const head = make("tr", {}, make("th", { scope: "col" }, "step"));
  for (let t = 0; t < data.steps; t++) {
    const cell = make("th", { scope: "col", "data-step": t }, String(t));
    cell.addEventListener("click", () => choose(t));
    head.append(cell);
  }
  const body = make("tbody");
  for (const i of data.rows) {
    const node = data.nodes[i];
    const name = make("th", { scope: "row" }, node.name);
    if (node.state) name.append(make("span", { class: "mark" }, "state"));
    const row = make("tr", { class: node.state ? "state" : i === data.output ? "output" : "" }, name);
    node.values.forEach((value, t) => {
      const cell = make("td", { "data-step": t }, value);
      if (changed(node, t)) cell.classList.add("changed");
      cell.addEventListener("click", () => choose(t));
      row.append(cell);
    });
    body.append(row);
  }
  const caption = make("caption", {}, "Every step; marked in bold: what differs from the step before");
  const table = make("table", {}, caption, make("thead", {}, head), body);
  const holder = make("div", { class: "table" }, table);
  const show = (step) => {
    for (const cell of table.querySelectorAll("[data-step]")) {
      const current = Number(cell.dataset.step) === step;
      cell.classList.toggle("current", current);
      if (current && cell.scope === "col") {
        cell.setAttribute("aria-current", "step");
        const middle = cell.offsetLeft - (holder.clientWidth - cell.offsetWidth) / 2;
        holder.scrollLeft = Math.max(0, middle);
      } else {
        cell.removeAttribute("aria-current");
      }
    }
  };
  return { element: holder, show };
}

function makeControls(data, choose, current) {
  const last = data.steps - 1;
  const previous = make("button", { type: "button", title: "Previous step (left arrow)" }, "← Previous");
  const next = make("button", { type: "button", title: "Next step (right arrow)" }, "Next →");
  const slider = make("input", { type: "range", min: 0, max: last, step: 1, "aria-label": "Step" });
  const count = make("span", { class: "count" });
  previous.addEventListener("click", () => choose(current() - 1));
  next.addEventListener("click", () => choose(current() + 1));
  slider.addEventListener("input", () => choose(Number(slider.value)));
  const element = make("div", { class: "controls" }, previous, slider, next, count);
  const show = (step) => {
    slider.value = step;
    slider.setAttribute("aria-valuetext", `step ${step} of 0 to ${last}`);
    count.textContent = `step ${step} of 0 … ${last}`;
    // aria-disabled, not disabled: a button that is disabled under a finger loses the focus.
    previous.setAttribute("aria-disabled", step === 0);
    next.setAttribute("aria-disabled", step === last);
  };
  return { element, show };
}

const KEYS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

function render({ model, el }) {
  const data = model.get("data");
  const root = make("section", { class: "ls-stepper", "aria-label": data.title });
  root.append(make("p", { class: "question" }, data.question));
  el.append(root);
  if (!data.steps) {
    root.append(make("p", {}, "The sequence is empty, so there is nothing to step through."));
    return undefined;
  }

  const current = () => model.get("step");
  const choose = (step) => {
    const inside = Math.min(data.steps - 1, Math.max(0, step));
    if (inside === current()) return;
    model.set("step", inside);
    model.save_changes();
  };
  const story = make("p", { class: "story", "aria-live": "polite", role: "status" });
  const parts = [makeControls(data, choose, current), makeGraph(data), makeTable(data, choose)];
  root.append(parts[0].element, story, parts[1].element);
  if (data.note) root.append(make("p", { class: "note" }, data.note));
  root.append(parts[2].element);

  const show = () => {
    const step = Math.min(data.steps - 1, Math.max(0, current()));
    story.textContent = sentence(data, step);
    for (const part of parts) part.show(step);
  };
  root.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS) || event.altKey || event.ctrlKey || event.metaKey) return;
    choose(current() + KEYS[event.key]);
    event.preventDefault();
    event.stopPropagation(); // JupyterLab would go to another cell
  });
  model.on("change:step", show);
  show();
  return () => model.off("change:step", show);
}

export default { render };
