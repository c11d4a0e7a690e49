// An eigenvalue in the plane, and what a linear state with it does. Needs no kernel.
//
// model "data": see picker_data in eigenvalue_picker.py. model "choice": the place in the grid
// sizes (hundredths) x angles (degrees) x inputs, the last running fastest.

const place = (data, choice) => placeIn(data.sizes, choice);
const gcd = (a, b) => (b ? gcd(b, a % b) : a);
const periodOf = (theta) => 360 / gcd(360, theta);

// --- the story: the same operations in the same order as in eigenvalue_picker.py ---
function cosine(angle) {
  const turned = ((angle % 360) + 360) % 360;
  const degrees = Math.min(turned, 360 - turned);
  if (degrees > 90) return -cosine(180 - degrees);
  if (degrees === 60) return 0.5;
  return degrees === 90 ? 0 : Math.cos((degrees * Math.PI) / 180);
}

function plain(x, digits = 2) {
  const fixed = Math.abs(x).toFixed(digits);
  const text = fixed.includes(".") ? fixed.replace(/0+$/, "").replace(/\.$/, "") : fixed;
  return x < 0 && text !== "0" ? `−${text}` : text;
}

const timesI = (y) => (plain(y) === "1" ? "i" : `${plain(y)}i`);

function elements(count) {
  const text = plain(count, count < 10 ? 1 : 0);
  return text === "1" ? "1 element" : `${text} elements`;
}

function named(r, theta) {
  const x = r * cosine(theta);
  if (r === 0 || theta === 0 || theta === 180) return `a = ${plain(x)}`;
  return `a = ${plain(x)} + ${timesI(r * cosine(90 - theta))} (size ${plain(r)}, angle ${theta}°)`;
}

function memory(r, size, later) {
  if (r === 0) return "Only now: one step later nothing is left of an element.";
  if (r === 1) return "It keeps for ever: an element counts in full, however long ago it was.";
  if (r > 1) {
    return (
      `It grows: an element weighs twice as much after ${elements(Math.log(2) / Math.log(r))}, ` +
      `and ${plain(size[later])} times as much ${later} steps later.`
    );
  }
  const percent = 100 * size[later];
  const left = percent < 0.01 ? "less than 0.01 %" : `${plain(percent, percent < 1 ? 2 : percent < 10 ? 1 : 0)} %`;
  const half = elements(Math.log(0.5) / Math.log(r));
  return `It fades: its half-life is ${half}, and ${later} steps later ${left} of an element is left.`;
}

function turn(n, theta) {
  if (n === 0) return "";
  if (theta === 0) return "It does not turn.";
  if (theta === 180) return "It changes its sign at each element: the period is 2.";
  return `It turns by ${theta}° at each element, and points the same way again after ${periodOf(theta)}.`;
}

// 1 / (1 - a): real and imaginary part
function limit(r, theta) {
  const [x, y] = [1 - r * cosine(theta), r * cosine(90 - theta)];
  const below = x * x + y * y;
  return [x / below, y / below];
}

function count(n, theta) {
  const fed = "Fed a 1 at each element,";
  if (n > 100) return `${fed} it grows without end${theta ? ", swinging" : ""}.`;
  if (n === 100 && theta === 0) return `${fed} it goes 1, 2, 3, …: it counts them all.`;
  const period = periodOf(theta);
  if (n === 100) return `${fed} it runs through ${period} values and starts again: it counts modulo ${period}.`;
  const [x, y] = limit(n / 100, theta);
  return `${fed} it settles at ${plain(x)}${plain(y) === "0" ? "" : ` + ${timesI(y)}`}, so no count lasts.`;
}

function architectures(data, n, theta, diagonal) {
  const block = n === 0 || theta === 0 || theta === 180 ? "" : ", as a 2 × 2 block";
  const fits = n > 100 ? ", for as long as its numbers fit" : "";
  return `${data.free.join(", ")} can have it${block}${fits}; ${data.diagonal.join(", ")} ${diagonal ? "can too" : "cannot"}.`;
}

export function eigenvalueStory(data, n, theta) {
  const r = n / 100;
  const size = [1];
  while (size.length <= data.steps) size.push(size[size.length - 1] * r);
  const pulse = size.map((held, t) => held * cosine(t * theta));
  let sum = 0;
  const constant = pulse.map((x) => (sum += x));
  const diagonal = n === 0 || (theta === 0 && n <= 100);
  const parts = [`${named(r, theta)}.`, memory(r, size, data.later), turn(n, theta), count(n, theta), architectures(data, n, theta, diagonal)];
  return {
    size,
    pulse,
    constant,
    refusal: diagonal ? "" : data.refusals[Math.sign(n - 100) + 1],
    sentence: parts.filter(Boolean).join(" "),
  };
}

// --- the pictures ---
const PLANE = { half: 150, unit: 112 };
// A pointer takes the nearest of these, so that the circle and the axis can be hit.
const [SIZE_STEP, ANGLE_STEP] = [5, 5];

function makePlane(data, pick) {
  const { half, unit } = PLANE;
  const svg = draw("svg", { viewBox: `${-half} ${-half} ${2 * half} ${2 * half}`, role: "img" });
  svg.append(
    draw("path", { class: "axis", d: `M${-half + 6} 0H${half - 6}M0 ${-half + 6}V${half - 6}` }),
    draw("circle", { class: "circle", r: unit }),
    draw("path", { class: "diagonal", d: `M0 0H${unit}` }),
    draw("text", { class: "y", x: unit - 6, y: -9 }, "mamba, hawk"),
    draw("text", { class: "low", x: unit + 6, y: 17 }, "1"),
    draw("text", { class: "y", x: -unit - 6, y: 17 }, "−1"),
    draw("text", { class: "low", x: 6, y: -unit - 6 }, "i"),
    draw("text", { class: "low", x: 6, y: unit + 17 }, "−i"),
  );
  const path = draw("path", { class: "path" });
  const mirrored = draw("circle", { class: "mirrored", r: 6 });
  const point = draw("circle", { class: "point", r: 8 });
  svg.append(path, mirrored, point);
  const at = (r, degrees) => [unit * r * cosine(degrees), -unit * r * cosine(90 - degrees)];
  listen(svg, data, pick);
  const show = (choice) => {
    const [n, theta] = place(data, choice);
    const { size } = eigenvalueStory(data, n, theta);
    const corners = size.map((held, t) => at(Math.min(held, 9), t * theta).map((x) => x.toFixed(1)).join(" "));
    path.setAttribute("d", `M${corners.join("L")}`);
    const [x, y] = at(n / 100, theta);
    for (const [dot, sign] of [[point, 1], [mirrored, -1]]) {
      dot.setAttribute("cx", x);
      dot.setAttribute("cy", sign * y);
    }
    svg.setAttribute("aria-label", `The plane with the unit circle, a thick line from 0 to 1, and ${named(n / 100, theta)}`);
  };
  const caption = "The dot is a, the ring its mirror image, the thin line 1, a, a², …; click or drag. Thick, 0 to 1: the eigenvalues of mamba, mamba2, hawk and griffin.";
  return { element: make("figure", { class: "plane" }, svg, make("figcaption", {}, caption)), show };
}

function listen(svg, data, pick) {
  const move = (event) => {
    const box = svg.getBoundingClientRect();
    const scale = (2 * PLANE.half) / box.width / PLANE.unit;
    const [x, y] = [(event.clientX - box.left - box.width / 2) * scale, (event.clientY - box.top - box.height / 2) * scale];
    const r = Math.round((100 * Math.hypot(x, y)) / SIZE_STEP) * SIZE_STEP;
    const theta = Math.round((Math.atan2(Math.abs(y), x) * 180) / Math.PI / ANGLE_STEP) * ANGLE_STEP;
    pick(Math.min(data.sizes[0] - 1, r), theta);
  };
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    move(event);
  });
  svg.addEventListener("pointermove", (event) => event.buttons && move(event));
}

const [W, H, LEFT, RIGHT, TOP, BOTTOM] = [560, 260, 58, 14, 14, 46];

// The least of 1, 2, 5, 10, 20, ... that is not below x.
function roundUp(x) {
  const power = 10 ** Math.floor(Math.log10(x));
  return [1, 2, 5, 10].map((m) => m * power).find((m) => m >= x * (1 - 1e-9));
}

function makePlot(data) {
  const svg = draw("svg", { viewBox: `0 0 ${W} ${H}`, role: "img" });
  const [grid, dashed, curve, dots] = [draw("g"), draw("path", { class: "size" }), draw("path", { class: "curve" }), draw("g", { class: "dots" })];
  svg.append(grid, dashed, curve, dots);
  const caption = make("figcaption");
  const across = (t) => LEFT + (t / data.steps) * (W - LEFT - RIGHT);
  const show = (choice) => {
    const [n, theta, fed] = place(data, choice);
    const story = eigenvalueStory(data, n, theta);
    const values = fed ? story.constant : story.pulse;
    const beside = besideThem(n, theta, fed, story);
    const [bottom, high] = bounds(values.concat(beside));
    const up = (y) => TOP + ((high - y) / (high - bottom)) * (H - TOP - BOTTOM);
    const line = (ys) => ys.map((y, t) => `${t ? "L" : "M"}${across(t).toFixed(1)} ${up(y).toFixed(1)}`).join("");
    grid.replaceChildren(...ruled(data, across, up, [bottom, 0, high / 2, high]));
    dashed.setAttribute("d", line(beside));
    curve.setAttribute("d", line(values));
    dots.replaceChildren(...values.map((y, t) => draw("circle", { cx: across(t), cy: up(y), r: 3.2 })));
    tell(data, svg, caption, { n, theta, fed, values });
  };
  return { element: make("figure", { class: "plot" }, svg, caption), show };
}

// What is drawn dashed: the size of aᵗ, or where the state settles.
function besideThem(n, theta, fed, { size }) {
  if (fed) return n < 100 ? size.map(() => limit(n / 100, theta)[0]) : [];
  return theta ? size : [];
}

// Round numbers around 0 and 1 and all values; neither side so small that its label meets that of 0.
function bounds(values) {
  const [low, high] = [Math.min(0, ...values), Math.max(1, ...values)];
  if (low > -1e-9) return [0, roundUp(high)];
  return [-roundUp(Math.max(-low, high / 5)), roundUp(Math.max(high, -low / 5))];
}

function ruled(data, across, up, levels) {
  const lines = [...new Set(levels)].flatMap((y) => [
    draw("path", { class: y === 0 ? "axis" : "grid", d: `M${LEFT} ${up(y)}H${W - RIGHT}` }),
    draw("text", { class: "y", x: LEFT - 6, y: up(y) + 4 }, plain(y)),
  ]);
  for (let t = 0; t <= data.steps; t += 10) lines.push(draw("text", { class: "x", x: across(t), y: H - BOTTOM + 20 }, String(t)));
  return [...lines, draw("text", { class: "x", x: (LEFT + W - RIGHT) / 2, y: H - 6 }, "t, in elements")];
}

function tell(data, svg, caption, { n, theta, fed, values }) {
  const real = n === 0 || theta === 0 || theta === 180;
  const what = fed ? "the state that gets a 1 at each element" : "the state after one 1 at t = 0, which is aᵗ";
  const beside = fed ? (n < 100 ? "where it settles" : "") : theta ? "the size |a|ᵗ" : "";
  const first = [0, 1, 2, 3, 4, 5, 6, data.later, data.steps].map((t) => `${t === data.later || t === data.steps ? `t\u00a0=\u00a0${t}:\u00a0` : ""}${plain(values[t])}`);
  const name = `Dots: ${what}${real ? "" : " (real part)"}${beside ? `; dashed: ${beside}` : ""}.`;
  caption.textContent = `${name} From t = 0: ${first.slice(0, 7).join(", ")}, …; ${first.slice(7).join("; ")}.`;
  svg.setAttribute("aria-label", `Plot over t = 0 to ${data.steps}. ${name} The values are below.`);
}

// --- the controls ---
function makePresets(data, pick, current) {
  const row = makeChoice("Take", data.presets.map(([name]) => name), (i) => pick(data.presets[i][1], data.presets[i][2]));
  const show = () => {
    const [n, theta] = place(data, current());
    row.show(data.presets.findIndex(([, size, angle]) => size === n && angle === theta));
  };
  return { element: row.element, show };
}

// The plane and all that picks stand above the story: its length changes, and what lies below moves.
function makeControls(data, model, choose) {
  const current = () => model.get("choice");
  const pick = (n, theta) => {
    const next = choiceAt(data.sizes, [n, theta, place(data, current())[2]]);
    if (next === current()) return;
    model.set("choice", next);
    model.save_changes();
  };
  const [plane, presets] = [makePlane(data, pick), makePresets(data, pick, current)];
  const size = makeSlider("Size", data.sizes[0] - 1, (n) => `r = ${plain(n / 100)}`, (n) => plain(n / 100), choose(0));
  const degrees = (theta) => (theta === 1 ? "1 degree" : `${theta} degrees`);
  const angle = makeSlider("Angle", data.sizes[1] - 1, (theta) => `${theta}°`, degrees, choose(1));
  const input = makeChoice("Input", data.inputs, choose(2));
  const beside = make("div", { class: "beside" }, ...[presets, size, angle, input].map((control) => control.element));
  const show = (n) => {
    size.show(n);
    presets.show();
    plane.show(current());
  };
  // one element holds all three
  const element = make("div", { class: "picker" }, plane.element, beside);
  return [{ element, show }, { element: "", show: angle.show }, { element: "", show: input.show }];
}

function makeReason(data) {
  const element = make("p", { class: "reason" });
  const show = (choice) => {
    const [n, theta] = place(data, choice);
    const { refusal } = eigenvalueStory(data, n, theta);
    element.textContent = refusal ? `Why ${data.diagonal.join(", ")} cannot: ${refusal}` : "";
    element.hidden = !refusal;
  };
  return { element, show };
}

function render(host) {
  const data = host.model.get("data");
  const [plot, reason] = [makePlot(data), makeReason(data)];
  return renderChoices(host, {
    name: "ls-eigen",
    sizes: data.sizes,
    makeControls: (choose) => makeControls(data, host.model, choose),
    sentence: (_, choice) => eigenvalueStory(data, ...place(data, choice)).sentence,
    shown: [plot, reason],
    body: make("div", {}, plot.element, reason.element),
    note: "The state is s = a s + x at each element, and starts at 0. A pointer takes steps of 0.05 and 5°, the sliders take each hundredth and each degree.",
  });
}

export default { render };
