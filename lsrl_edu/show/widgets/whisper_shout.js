// An activation at an amplitude, beside a line and beside a switch. Needs no kernel.
//
// model "data": see whisper_shout_data in whisper_shout.py. model "choice": the place in the grid
// activations x dtypes x exponents, the last running fastest.

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

const sizes = (data) => [data.shapes.length, data.dtypes.length, data.exponents.length];
const place = (data, choice) => placeIn(sizes(data), choice);

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

function render(host) {
  const data = host.model.get("data");
  const panels = [makePanel(data, "line"), makePanel(data, "switch")];
  const [last, at] = [data.exponents.length - 1, (e) => data.exponents[e]];
  return renderChoices(host, {
    name: "ls-whisper",
    sizes: sizes(data),
    makeControls: (choose) => [
      makeChoice("Activation", data.shapes.map((shape) => shape.name), choose(0)),
      makeChoice("Dtype", data.dtypes, choose(1)),
      makeSlider("Amplitude", last, (e) => `a = ${power(at(e))}`, (e) => `2 to the ${at(e)}`, choose(2)),
    ],
    sentence,
    shown: panels,
    body: make("div", { class: "panels" }, ...panels.map((panel) => panel.element)),
    note: `Errors: measured on [−${data.width}, ${data.width}]. Pictures: beyond 2${raise(data.drawn[0])} and 2${raise(data.drawn[1])} they no longer change.`,
  });
}

export default { render };
