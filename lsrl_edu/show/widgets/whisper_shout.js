// An activation at an amplitude, beside a line and beside a switch. Needs no kernel.
//
// model "data": see whisper_shout_data in whisper_shout.py. model "choice": the place in the grid
// activations x dtypes x exponents, the last running fastest.

const SVG = "http://www.w3.org/2000/svg";
const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function draw(tag, attributes = {}, text = "") {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}

const raise = (number) => [...String(number)].map((digit) => SUPERSCRIPT[digit]).join("");
const power = (exponent) => `2${raise(exponent)}`;

function size(error) {
  if (error === 0) return "0";
  if (error >= 0.01) return String(Number(error.toPrecision(2)));
  const [digits, exponent] = error.toExponential(1).split("e");
  return `${digits} × 10${raise(Number(exponent))}`;
}

const IDEALS = {
  sign: { name: "sign(x)", at: Math.sign, asked: (data) => ` for |x| ≥ ${data.apart}` },
  step: { name: "the step 0, 1", at: (x) => (Math.sign(x) + 1) / 2, asked: (data) => ` for |x| ≥ ${data.apart}` },
  relu: { name: "ReLU(x)", at: (x) => Math.max(0, x), asked: () => "" },
};
const NEAR = 1e-3;

function place(data, choice) {
  const exponents = data.exponents.length;
  const rest = Math.floor(choice / exponents);
  return [Math.floor(rest / data.dtypes.length), rest % data.dtypes.length, choice % exponents];
}

function verdict(line, switched) {
  if (line === 0) return "A line, bit for bit.";
  if (switched === 0) return "A switch, exactly.";
  if (line < NEAR && line <= switched) return "Close to a line.";
  if (switched < NEAR) return "Close to a switch.";
  return "Neither a line nor a switch.";
}

function sentence(data, choice) {
  const [s, d, e] = place(data, choice);
  const [shape, dtype] = [data.shapes[s], data.dtypes[d]];
  const [line, switched] = shape.errors[dtype][e];
  const ideal = IDEALS[shape.ideal];
  return (
    `${shape.name} at a = ${power(data.exponents[e])} in ${dtype}. ${verdict(line, switched)} ` +
    `${shape.lineText} is at most ${size(line)} from x; ` +
    `${shape.switchText} is at most ${size(switched)} from ${ideal.name}${ideal.asked(data)}.`
  );
}

// One panel: the ideal dashed, the activation drawn through. [x, y] of the data to the picture.
function makePanel(data, kind) {
  const [w, h, pad] = [300, 200, 26];
  const svg = draw("svg", { viewBox: `0 0 ${w} ${h}`, role: "img" });
  const caption = make("figcaption");
  const across = (x) => pad + ((x + data.width) / (2 * data.width)) * (w - 2 * pad);
  // what leaves the picture is cut by its frame
  const up = (y) => h / 2 - (Math.max(-9, Math.min(9, y)) / data.width) * (h / 2 - 18);
  const axis = { class: "axis" };
  svg.append(draw("path", { ...axis, d: `M${pad} ${up(0)}H${w - pad}M${across(0)} 14V${h - 14}` }));
  for (const y of [-2, -1, 1, 2]) {
    const side = y > 0 ? { x: across(0) - 6, class: "y" } : { x: across(0) + 6, class: "y low" };
    svg.append(draw("text", { ...side, y: up(y) + 4 }, String(y).replace("-", "−")));
  }
  for (const x of [-2, -1, 1, 2]) svg.append(draw("text", { x: across(x), y: up(0) + 16, class: "x" }, String(x).replace("-", "−")));
  const ideal = draw("path", { class: "ideal" });
  const curve = draw("path", { class: "curve" });
  svg.append(ideal, curve);
  const path = (xs, ys) => xs.map((x, i) => `${i ? "L" : "M"}${across(x).toFixed(1)} ${up(ys[i]).toFixed(1)}`).join("");
  const show = (choice) => {
    const [s, , e] = place(data, choice);
    const shape = data.shapes[s];
    const [low, high] = data.drawn;
    const ys = shape[kind === "line" ? "lines" : "switches"][Math.max(low, Math.min(high, data.exponents[e])) - low];
    const xs = ys.map((_, i) => -data.width + (2 * data.width * i) / (ys.length - 1));
    const at = kind === "line" ? (x) => x : IDEALS[shape.ideal].at;
    const ends = [-data.width, -1e-9, 1e-9, data.width];
    ideal.setAttribute("d", path(ends, ends.map(at)));
    curve.setAttribute("d", path(xs, ys));
    const text = kind === "line" ? shape.lineText : shape.switchText;
    const name = kind === "line" ? "the line x" : IDEALS[shape.ideal].name;
    svg.setAttribute("aria-label", `${text} drawn through, ${name} dashed, at a = ${power(data.exponents[e])}`);
    caption.textContent = `${text}; dashed: ${name}`;
  };
  return { element: make("figure", {}, svg, caption), show };
}

function makeChoice(label, names, choose) {
  const buttons = names.map((name, i) => {
    const button = make("button", { type: "button" }, name);
    button.addEventListener("click", () => choose(i));
    return button;
  });
  const element = make("div", { class: "choice", role: "group", "aria-label": label }, make("span", {}, label), ...buttons);
  const show = (chosen) => buttons.forEach((button, i) => button.setAttribute("aria-pressed", i === chosen));
  return { element, show };
}

function makeSlider(data, choose) {
  const last = data.exponents.length - 1;
  const slider = make("input", { type: "range", min: 0, max: last, step: 1, "aria-label": "Amplitude" });
  const count = make("span", { class: "count" });
  slider.addEventListener("input", () => choose(Number(slider.value)));
  // JupyterLab would go to another cell
  slider.addEventListener("keydown", (event) => event.stopPropagation());
  const element = make("div", { class: "choice" }, make("span", {}, "Amplitude"), slider, count);
  const show = (e) => {
    slider.value = e;
    slider.setAttribute("aria-valuetext", `2 to the ${data.exponents[e]}`);
    count.textContent = `a = ${power(data.exponents[e])}`;
  };
  return { element, show };
}

function render({ model, el }) {
  const data = model.get("data");
  const root = make("section", { class: "ls-whisper", "aria-label": data.title });
  const current = () => model.get("choice");
  const choose = (which) => (value) => {
    const at = place(data, current());
    at[which] = value;
    const next = (at[0] * data.dtypes.length + at[1]) * data.exponents.length + at[2];
    if (next === current()) return;
    model.set("choice", next);
    model.save_changes();
  };
  const controls = [
    makeChoice("Activation", data.shapes.map((shape) => shape.name), choose(0)),
    makeChoice("Dtype", data.dtypes, choose(1)),
    makeSlider(data, choose(2)),
  ];
  const story = make("p", { class: "story", "aria-live": "polite", role: "status" });
  const panels = [makePanel(data, "line"), makePanel(data, "switch")];
  root.append(make("p", { class: "question" }, data.question));
  for (const control of controls) root.append(control.element);
  root.append(story, make("div", { class: "panels" }, ...panels.map((panel) => panel.element)));
  root.append(make("p", { class: "note" }, `Errors: measured on [−${data.width}, ${data.width}]. Pictures: beyond 2${raise(data.drawn[0])} and 2${raise(data.drawn[1])} they no longer change.`));
  el.append(root);

  const show = () => {
    const at = place(data, current());
    controls.forEach((control, i) => control.show(at[i]));
    story.textContent = sentence(data, current());
    for (const panel of panels) panel.show(current());
  };
  model.on("change:choice", show);
  show();
  return () => model.off("change:choice", show);
}

export default { render };
