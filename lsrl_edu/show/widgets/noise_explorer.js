// Noise on the weights of the look-up, and how many tokens come out wrong. Needs no kernel.
//
// model "data": see noise_data in noise_explorer.py. model "choice": the place in the grid
// programs x states x levels, the last running fastest.

const [W, H, LEFT, RIGHT, TOP, BOTTOM] = [560, 250, 58, 18, 14, 48];

function split(level) {
  const [digits, exponent] = level.toExponential(0).split("e");
  return [digits, Number(exponent)];
}

function size(level) {
  const [digits, exponent] = split(level);
  const power = `10${raise(exponent)}`;
  return digits === "1" ? power : `${digits} × ${power}`;
}

const sizes = (data) => [data.programs.length, data.states.length, data.levels.length];
const place = (data, choice) => placeIn(sizes(data), choice);

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

function spokenLevel(level) {
  const [digits, exponent] = split(level);
  return `${digits} times 10 to the ${exponent}`;
}

function render(host) {
  const data = host.model.get("data");
  const plot = makePlot(data);
  const [last, at] = [data.levels.length - 1, (l) => data.levels[l]];
  return renderChoices(host, {
    name: "ls-noise",
    sizes: sizes(data),
    makeControls: (choose) => [
      makeChoice("Program", data.programs, choose(0)),
      makeChoice("States", data.states, choose(1)),
      makeSlider("Noise", last, (l) => size(at(l)), (l) => spokenLevel(at(l)), choose(2)),
    ],
    sentence,
    shown: [plot],
    body: plot.element,
    note: `Measured: words of 10 tokens, 20 pairs, 410 elements; ${data.draws} draws of noise, 5 queries each. The interval counts draws, not tokens, since the tokens of one draw fail together.`,
  });
}

export default { render };
