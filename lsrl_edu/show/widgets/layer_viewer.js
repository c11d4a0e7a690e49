// The weights of a network, one layer at a time. Computes in the page: no kernel is needed.
//
// model "data": see viewer_data in layer_viewer.py. model "layer": the position of what is shown.

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function makeControls(data, choose, current) {
  const previous = make("button", { type: "button", title: "Layer before (left arrow)" }, "← Previous");
  const next = make("button", { type: "button", title: "Next layer (right arrow)" }, "Next →");
  const select = make("select");
  data.layers.forEach((layer, i) => select.append(make("option", { value: i }, layer.name)));
  const label = make("label", {}, "Layer ", select);
  previous.addEventListener("click", () => choose(current() - 1));
  next.addEventListener("click", () => choose(current() + 1));
  select.addEventListener("change", () => choose(Number(select.value)));
  const show = (i) => {
    select.value = String(i);
    previous.setAttribute("aria-disabled", i === 0);
    next.setAttribute("aria-disabled", i === data.layers.length - 1);
  };
  return { element: make("div", { class: "controls" }, previous, label, next), show };
}

const KEYS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

function render({ model, el }) {
  const data = model.get("data");
  const last = data.layers.length - 1;
  const current = () => Math.min(last, Math.max(0, model.get("layer")));
  const choose = (i) => {
    const inside = Math.min(last, Math.max(0, i));
    if (inside === model.get("layer")) return;
    model.set("layer", inside);
    model.save_changes();
  };
  const controls = makeControls(data, choose, current);
  const story = make("p", { class: "story", "aria-live": "polite", role: "status" });
  const picture = make("div", { class: "picture" });
  const question = make("p", { class: "question" }, data.question);
  const root = make("section", { class: "ls-layer-viewer", "aria-label": data.title });
  root.append(question, controls.element, story, picture);
  el.append(root);

  const show = () => {
    const shown = data.layers[current()];
    controls.show(current());
    story.textContent = shown.sentence;
    picture.innerHTML = shown.svg; // made and escaped in Python; it holds no scripts
  };
  root.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS) || event.altKey || event.ctrlKey || event.metaKey) return;
    choose(current() + KEYS[event.key]);
    event.preventDefault();
    event.stopPropagation(); // JupyterLab would go to another cell
  });
  model.on("change:layer", show);
  show();
  return () => model.off("change:layer", show);
}

export default { render };
