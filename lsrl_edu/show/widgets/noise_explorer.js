// Noise on the weights of the look-up, and how many tokens come out wrong. Needs no kernel.
//
// model "data": see noise_data in noise_explorer.py. model "choice": the place in the grid
// programs x states x levels, the last running fastest.

const SVG = "http://www.w3.org/2000/svg";
const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const [W, H, LEFT, RIGHT, TOP, BOTTOM] = [560, 250, 58, 18, 14, 48];

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

function split(level) {
  const [digits, exponent] = level.toExponential(0).split("e");
  return [digits, Number(exponent)];
}

function size(level) {
  const [digits, exponent] = split(level);
  const power = `10${[...String(exponent)].map((digit) => SUPERSCRIPT[digit]).join("")}`;
  return digits === "1" ? power : `${digits} × ${power}`;
}

function place(data, choice) {
  const rest = Math.floor(choice / data.levels.length);
  return [Math.floor(rest / data.states.length), rest % data.states.length, choice % data.levels.length];
}

function sentence(data, choice) {
  const [p, s, l] = place(data, choice);
  const [wrong, low, high, draws] = data.cells[p][s][l];
  return (
    `${data.programs[p]}, states ${data.states[s]}, noise ${size(data.levels[l])}: ` +
    `${wrong} % of the tokens are wrong (95 % interval ${low} to ${high} %), ` +
    `with an error in ${draws} of ${data.draws} draws.`
  );
}

function makePlot(data) {
  const svg = draw("svg", { viewBox: `0 0 ${W} ${H}`, role: "img" });
  const last = data.levels.length - 1;
  const across = (i) => LEFT + (i / last) * (W - LEFT - RIGHT);
  const up = (percent) => H - BOTTOM - (percent / 100) * (H - TOP - BOTTOM);
  const line = (ys) => ys.map((y, i) => `${i ? "L" : "M"}${across(i).toFixed(1)} ${up(y).toFixed(1)}`).join("");
  for (const y of [0, 50, 100]) {
    svg.append(draw("path", { class: "grid", d: `M${LEFT} ${up(y)}H${W - RIGHT}` }));
    svg.append(draw("text", { x: LEFT - 6, y: up(y) + 4, class: "y" }, `${y} %`));
  }
  data.levels.forEach((level, i) => {
    if (split(level)[0] === "1" && split(level)[1] % 2) svg.append(draw("text", { x: across(i), y: H - BOTTOM + 17, class: "x" }, size(level)));
  });
  svg.append(draw("text", { x: (LEFT + W - RIGHT) / 2, y: H - 7, class: "x" }, "noise: standard deviation on every weight"));
  const others = data.programs.map(() => draw("path", { class: "other" }));
  const [band, curve, rod] = [draw("path", { class: "band" }), draw("path", { class: "curve" }), draw("path", { class: "rod" })];
  const dots = data.levels.map(() => draw("circle", { class: "dot", r: 3 }));
  const mark = draw("circle", { class: "mark", r: 8 });
  svg.append(...others, band, curve, rod, ...dots, mark);
  const show = (choice) => {
    const [p, s, l] = place(data, choice);
    const cells = data.cells[p][s];
    const column = (k) => cells.map((cell) => cell[k]);
    others.forEach((path, i) => path.setAttribute("d", i === p ? "" : line(data.cells[i][s].map((cell) => cell[0]))));
    const back = column(2).map((y, i) => `L${across(i).toFixed(1)} ${up(y).toFixed(1)}`).reverse().join("");
    band.setAttribute("d", `${line(column(1))}${back}Z`);
    curve.setAttribute("d", line(column(0)));
    rod.setAttribute("d", `M${across(l)} ${TOP}V${H - BOTTOM}`);
    dots.forEach((dot, i) => {
      dot.setAttribute("cx", across(i));
      dot.setAttribute("cy", up(cells[i][0]));
    });
    mark.setAttribute("cx", across(l));
    mark.setAttribute("cy", up(cells[l][0]));
    const values = data.levels.map((level, i) => `${size(level)}: ${cells[i][0]}`).filter((_, i) => i % 4 === 0);
    svg.setAttribute("aria-label", `Wrong tokens in percent by noise level for ${data.programs[p]}, states ${data.states[s]}: ${values.join("; ")}`);
  };
  const caption = make("figcaption", {}, "Dots and thick line: the chosen program, with its 95 % interval. Thin, dashed: the others, same states.");
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
  const slider = make("input", { type: "range", min: 0, max: data.levels.length - 1, step: 1, "aria-label": "Noise" });
  const count = make("span", { class: "count" });
  slider.addEventListener("input", () => choose(Number(slider.value)));
  // JupyterLab would go to another cell
  slider.addEventListener("keydown", (event) => event.stopPropagation());
  const element = make("div", { class: "choice" }, make("span", {}, "Noise"), slider, count);
  const show = (l) => {
    slider.value = l;
    const [digits, exponent] = split(data.levels[l]);
    slider.setAttribute("aria-valuetext", `${digits} times 10 to the ${exponent}`);
    count.textContent = size(data.levels[l]);
  };
  return { element, show };
}

function render({ model, el }) {
  const data = model.get("data");
  const root = make("section", { class: "ls-noise", "aria-label": data.title });
  const current = () => model.get("choice");
  const choose = (which) => (value) => {
    const at = place(data, current());
    at[which] = value;
    const next = (at[0] * data.states.length + at[1]) * data.levels.length + at[2];
    if (next === current()) return;
    model.set("choice", next);
    model.save_changes();
  };
  const controls = [
    makeChoice("Program", data.programs, choose(0)),
    makeChoice("States", data.states, choose(1)),
    makeSlider(data, choose(2)),
  ];
  const story = make("p", { class: "story", "aria-live": "polite", role: "status" });
  const plot = makePlot(data);
  root.append(make("p", { class: "question" }, data.question));
  for (const control of controls) root.append(control.element);
  root.append(story, plot.element);
  root.append(make("p", { class: "note" }, `Measured: words of 10 tokens, 20 pairs, 410 elements; ${data.draws} draws of noise, 5 queries each. The interval counts draws, not tokens, since the tokens of one draw fail together.`));
  el.append(root);

  const show = () => {
    const at = place(data, current());
    controls.forEach((control, i) => control.show(at[i]));
    story.textContent = sentence(data, current());
    plot.show(current());
  };
  model.on("change:choice", show);
  show();
  return () => model.off("change:choice", show);
}

export default { render };
