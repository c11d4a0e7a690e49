// Debranching, one step at a time. Computes in the page: no kernel is needed.
//
// model "data": see debranch_data in debranch_stepper.py. model "step": a position in its steps.

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// The pictures come from Python, escaped there; they hold no scripts.
function makeSide(data, side) {
  const size = make("span", { class: "size" });
  const caption = make("figcaption", {}, make("b", {}, side), size);
  const holder = make("div", { class: "graph", tabindex: 0, role: "group", "aria-label": `graph ${side}` });
  const note = make("p", { class: "note" });
  const element = make("figure", {}, caption, holder, note);
  const show = (step) => {
    const { graph, marks, note: left } = step[side];
    holder.innerHTML = data.graphs[graph];
    const svg = holder.querySelector("svg");
    svg.setAttribute("aria-label", `Graph ${side} step ${step.index}: ${step.sizes[+(side === "after")]}`);
    const marked = Object.entries(marks).map(([node, kind]) => {
      const group = svg.querySelector(`[data-node="${node}"]`);
      group.classList.add("marked", kind);
      return group;
    });
    size.textContent = step.sizes[+(side === "after")];
    note.textContent = left;
    if (marked.length) bringIntoView(holder, marked[0]);
  };
  return { element, show };
}

// Scroll the box of the graph, never the page.
function bringIntoView(holder, group) {
  const [box, node] = [holder.getBoundingClientRect(), group.getBoundingClientRect()];
  holder.scrollTop = Math.max(0, node.top - box.top - 90);
  holder.scrollLeft = Math.max(0, node.left - box.left + (node.width - box.width) / 2);
}

function makeRule() {
  const [name, equation, proof] = [make("p", { class: "name" }), make("p", { class: "equation" }), make("p")];
  const details = make("details", {}, make("summary", {}, "Why is it right?"), proof);
  const element = make("div", { class: "rule" }, name, equation, details);
  const show = (step) => {
    const kind = step.case.startsWith("F") ? "Fusion" : "Case";
    name.replaceChildren(make("span", { class: "case" }, `${kind} ${step.case}`), ` ${step.title}`);
    equation.textContent = step.equation;
    proof.textContent = step.proof;
  };
  return { element, show };
}

function makeCurve(data, choose) {
  const element = make("div", { class: "curve" });
  element.innerHTML = data.curve;
  const svg = element.querySelector("svg");
  const line = svg.querySelector(".ls-marker");
  svg.addEventListener("click", (event) => {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
    const away = data.steps.map((step) => Math.abs(step.x - x));
    choose(away.indexOf(Math.min(...away)));
  });
  const show = (step) => line.setAttribute("transform", `translate(${step.x} 0)`);
  return { element, show };
}

function makeControls(data, choose, current) {
  const last = data.steps.length - 1;
  const previous = make("button", { type: "button", title: "Previous step (left arrow)" }, "← Previous");
  const next = make("button", { type: "button", title: "Next step (right arrow)" }, "Next →");
  const slider = make("input", { type: "range", min: 0, max: last, step: 1, "aria-label": "Step" });
  previous.addEventListener("click", () => choose(current() - 1));
  next.addEventListener("click", () => choose(current() + 1));
  slider.addEventListener("input", () => choose(Number(slider.value)));
  const element = make("div", { class: "controls" }, previous, slider, next);
  const show = (step, position) => {
    slider.value = position;
    slider.setAttribute("aria-valuetext", `step ${step.index} of 0 to ${data.total - 1}`);
    // aria-disabled, not disabled: a button that is disabled under a finger loses the focus.
    previous.setAttribute("aria-disabled", position === 0);
    next.setAttribute("aria-disabled", position === last);
  };
  return { element, show };
}

const KEYS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
const LEGEND = "Thick outline: changes or is new. Thick and dashed: goes. A node keeps its number (#).";

function render({ model, el }) {
  const data = model.get("data");
  const root = make("section", { class: "ls-debranch", "aria-label": data.title });
  root.append(make("p", { class: "question" }, data.question));
  el.append(root);
  if (!data.steps.length) {
    root.append(make("p", {}, data.total ? data.note : "No step: the program is a path already."));
    return undefined;
  }

  const inside = (step) => Math.min(data.steps.length - 1, Math.max(0, step));
  const current = () => inside(model.get("step"));
  const choose = (step) => {
    if (inside(step) === current()) return;
    model.set("step", inside(step));
    model.save_changes();
  };
  const story = make("p", { class: "story", "aria-live": "polite", role: "status" });
  const [controls, rule, curve] = [makeControls(data, choose, current), makeRule(), makeCurve(data, choose)];
  const [before, after] = [makeSide(data, "before"), makeSide(data, "after")];
  const head = make("div", { class: "head" }, make("div", { class: "words" }, rule.element, story), curve.element);
  const sides = make("div", { class: "sides" }, before.element, after.element);
  root.append(controls.element, head, sides, make("p", { class: "note" }, LEGEND));
  if (data.note) root.append(make("p", { class: "note" }, data.note));

  const show = () => {
    const step = data.steps[current()];
    story.textContent = step.story;
    for (const part of [controls, rule, curve, before, after]) part.show(step, current());
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
