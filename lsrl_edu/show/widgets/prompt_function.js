// Draw a curve, prompt the network with it. Computes in the page: no kernel is needed.
//
// model "data": see widget_data in prompt_function.py, which holds the same formulas. model "cells",
// "query" and "heights": what is shown.

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [640, 300, 34, 14, 12, 26];
const KNOTS = 10; // places at which the keyboard can bend the curve: 0, 0.1, ..., 1

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
const html = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);
const draw = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

const neat = (x, digits = 2) => (Math.abs(x) < 0.5 * 10 ** -digits ? 0 : x).toFixed(digits).replace("-", "−");
const clip = (x, low, high) => Math.min(high, Math.max(low, x));
const count = (n, thing) => `${n} ${thing}${n === 1 ? "" : "s"}`;

// --- the mathematics, as in prompt_function.py ----------------------------------------------
function height(heights, x) {
  const position = x * (heights.length - 1);
  const k = Math.min(Math.floor(position), heights.length - 2);
  return heights[k] + (position - k) * (heights[k + 1] - heights[k]);
}

function lipschitz(heights) {
  let slope = 0;
  for (let k = 1; k < heights.length; k++) slope = Math.max(slope, Math.abs(heights[k] - heights[k - 1]));
  return slope * (heights.length - 1);
}

function cellOf(query, cells, mu) {
  return Math.min(Math.ceil((query - 1 / (2 * mu)) * cells) - 1, cells - 1);
}

function worstError(heights, cells) {
  const pieces = heights.length - 1;
  let worst = 0;
  for (let cell = 0; cell < cells; cell++) {
    const [low, high] = [cell / cells, (cell + 1) / cells];
    const points = [low, high];
    for (let k = Math.ceil(low * pieces); k <= Math.floor(high * pieces); k++) points.push(k / pieces);
    const centre = height(heights, (cell + 0.5) / cells);
    for (const x of points) worst = Math.max(worst, Math.abs(height(heights, x) - centre));
  }
  return worst;
}

function results(data, { heights, cells, query }) {
  const cell = cellOf(query, cells, data.mu);
  const centre = (cell + 0.5) / cells;
  const slope = lipschitz(heights);
  return {
    cell,
    answer: cell < 0 ? 0 : height(heights, centre),
    wanted: height(heights, query),
    slope,
    worst: worstError(heights, cells),
    bound: slope / (2 * cells),
  };
}

// --- sentences --------------------------------------------------------------------------------
function answerSentence(now, found) {
  const at = `At query ${neat(now.query, 4).replace(/0{1,2}$/, "")}`;
  if (found.cell < 0) {
    return `${at} the network answers 0: the query lies at the foot of the first step, in no cell. The curve is ${neat(found.wanted)} there.`;
  }
  const [low, high] = [found.cell, found.cell + 1].map((k) => neat(k / now.cells, 3));
  return `${at} the network answers ${neat(found.answer)}, the height at the centre of the cell from ${low} to ${high}. The curve is ${neat(found.wanted)} there: off by ${neat(Math.abs(found.answer - found.wanted))}.`;
}

function errorSentence(now, found, mu) {
  const [prompt, worst] = [count(now.cells, "cell"), neat(found.worst, 3)];
  return `With a prompt of ${prompt} the answer is off by at most ${worst} (the first ${1 / (2 * mu)} of each cell left out). The largest slope of the curve is L = ${neat(found.slope)}, and Appendix B promises at most L / (2 · ${now.cells}) = ${neat(found.bound, 3)}.`;
}

// --- the picture ------------------------------------------------------------------------------
const across = (x) => LEFT + x * (WIDTH - LEFT - RIGHT);
const down = (y) => TOP + ((1 - y) / 2) * (HEIGHT - TOP - BOTTOM);
const point = (x, y) => `${across(x).toFixed(2)} ${down(y).toFixed(2)}`;

function makeAxes() {
  const group = draw("g", { class: "axes" });
  for (const y of [-1, 0, 1]) {
    group.append(draw("path", { d: `M${point(0, y)}L${point(1, y)}` }));
    group.append(draw("text", { x: LEFT - 7, y: down(y) + 4, "text-anchor": "end" }, neat(y, 0)));
  }
  for (const x of [0, 0.25, 0.5, 0.75, 1]) {
    group.append(draw("text", { x: across(x), y: HEIGHT - 8, "text-anchor": "middle" }, String(x)));
  }
  return group;
}

function makePicture(data, drawAt) {
  const curve = draw("path", { class: "curve" });
  const steps = draw("path", { class: "steps" });
  const query = draw("path", { class: "query" });
  const answer = draw("circle", { class: "answer", r: 7 });
  const box = { role: "img", viewBox: `0 0 ${WIDTH} ${HEIGHT}` };
  const svg = draw("svg", box, makeAxes(), steps, curve, query, answer);
  let last = null;
  const where = (event) => {
    const frame = svg.getBoundingClientRect();
    const [px, py] = [event.clientX - frame.left, event.clientY - frame.top];
    const x = ((px / frame.width) * WIDTH - LEFT) / (WIDTH - LEFT - RIGHT);
    const y = 1 - (2 * ((py / frame.height) * HEIGHT - TOP)) / (HEIGHT - TOP - BOTTOM);
    return { x: clip(x, 0, 1), y: clip(y, -1, 1) };
  };
  svg.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    svg.setPointerCapture(event.pointerId);
    last = where(event);
    drawAt(last, last);
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = where(event);
    drawAt(last, next);
    last = next;
  });
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => (last = null));
  const show = (now, found, words) => {
    const pieces = now.heights.length - 1;
    curve.setAttribute("d", "M" + now.heights.map((y, k) => point(k / pieces, y)).join("L"));
    const bars = [];
    for (let cell = 0; cell < now.cells; cell++) {
      const y = height(now.heights, (cell + 0.5) / now.cells);
      bars.push(`M${point(cell / now.cells, y)}L${point((cell + 1) / now.cells, y)}`);
    }
    steps.setAttribute("d", bars.join(""));
    query.setAttribute("d", `M${point(now.query, -1)}L${point(now.query, 1)}`);
    answer.setAttribute("cx", across(now.query));
    answer.setAttribute("cy", down(found.answer));
    svg.setAttribute("aria-label", `A curve over 0 to 1, and ${count(now.cells, "flat step")} that follow it. ${words}`);
  };
  return { element: html("div", { class: "picture" }, svg), show };
}

// --- controls ---------------------------------------------------------------------------------
function makeSlider(label, min, max, say, choose) {
  const slider = html("input", { type: "range", min, max, step: 1, "aria-label": label });
  const shown = html("span", { class: "value" });
  slider.addEventListener("input", () => choose(Number(slider.value)));
  // JupyterLab would take some keys for its own.
  slider.addEventListener("keydown", (event) => event.stopPropagation());
  const show = (value) => {
    slider.value = value;
    shown.textContent = say(value);
    slider.setAttribute("aria-valuetext", say(value));
  };
  return { element: html("label", {}, html("span", { class: "name" }, label), slider, shown), show };
}

function makeMenu(data, choose) {
  const select = html("select", { "aria-label": "Curve" });
  for (const name of Object.keys(data.curves)) select.append(html("option", { value: name }, name));
  select.addEventListener("change", () => choose(select.value));
  const element = html("label", {}, html("span", { class: "name" }, "Curve"), select);
  return { element, show: (name) => (select.value = name) };
}

function makeKeyboardDrawing(place, tall) {
  const hint = html("p", {}, "Choose a place, then a height: the curve bends there, in straight lines to the places beside it.");
  const summary = html("summary", {}, "Draw with the keyboard");
  return html("details", {}, summary, hint, place.element, tall.element);
}

function makePrompt() {
  const head = html("tr");
  for (const name of ["element", "delta", "lower corner", "value"]) head.append(html("th", { scope: "col" }, name));
  const body = html("tbody");
  const table = html("table", {}, html("thead", {}, head), body);
  const holder = html("div", { class: "prompt", tabindex: 0, role: "group", "aria-label": "The prompt" }, table);
  const show = (now, found) => {
    body.replaceChildren();
    for (let cell = 0; cell < now.cells; cell++) {
      const value = height(now.heights, (cell + 0.5) / now.cells);
      const row = html("tr", cell === found.cell ? { class: "current" } : {});
      const mark = cell === found.cell ? `${cell + 1} ← the query's` : String(cell + 1);
      for (const text of [mark, neat(1 / now.cells, 4), neat(cell / now.cells, 4), neat(value, 4)]) {
        row.append(html("td", {}, text));
      }
      body.append(row);
    }
  };
  const note = html("p", {}, "After the query itself, element 0, come these. Any order will do.");
  const element = html("details", {}, html("summary", {}, "See the prompt"), note, holder);
  return { element, show };
}

// Return the heights with a straight stroke from one point to another drawn over them.
function stroke(heights, from, to) {
  const pieces = heights.length - 1;
  const [a, b] = from.x <= to.x ? [from, to] : [to, from];
  const [first, last] = [Math.round(a.x * pieces), Math.round(b.x * pieces)];
  return heights.map((y, k) => {
    if (k < first || k > last) return y;
    if (first === last) return to.y;
    return a.y + ((k - first) / (last - first)) * (b.y - a.y);
  });
}

// Return the heights bent to one height at a knot, straight to the knots beside it.
function bend(heights, knot, y) {
  const at = (k) => height(heights, clip(k, 0, KNOTS) / KNOTS);
  const middle = { x: knot / KNOTS, y };
  const before = { x: clip(knot - 1, 0, KNOTS) / KNOTS, y: at(knot - 1) };
  const after = { x: clip(knot + 1, 0, KNOTS) / KNOTS, y: at(knot + 1) };
  const half = knot > 0 ? stroke(heights, before, middle) : heights;
  return knot < KNOTS ? stroke(half, middle, after) : half;
}

function render({ model, el }) {
  const data = model.get("data");
  let [chosen, knot] = [data.chosen, KNOTS / 2];
  const now = () => ({
    heights: model.get("heights") ?? data.curves[chosen],
    cells: model.get("cells") ?? data.start,
    query: model.get("query") ?? data.query,
  });
  const change = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  const redraw = (heights) => {
    chosen = "your own";
    change("heights", heights);
  };
  const menu = makeMenu(data, (name) => {
    chosen = name;
    change("heights", data.curves[name]);
  });
  const cells = makeSlider("Cells", 1, data.most, String, (n) => change("cells", n));
  const sayQuery = (k) => neat(k / data.queries, 4).replace(/0{1,2}$/, "");
  const query = makeSlider("Query", 0, data.queries, sayQuery, (k) => change("query", k / data.queries));
  const sayPlace = (k) => neat(k / KNOTS, 1);
  const place = makeSlider("Place", 0, KNOTS, sayPlace, (k) => {
    knot = k;
    show();
  });
  const tall = makeSlider("Height", -20, 20, (k) => neat(k / 20), (k) => redraw(bend(now().heights, knot, k / 20)));
  const picture = makePicture(data, (from, to) => redraw(stroke(now().heights, from, to)));
  const prompt = makePrompt();
  const story = html("p", { class: "story", role: "status", "aria-live": "polite" });
  const errors = html("p", { class: "story errors" });
  const hint = html("p", { class: "note" }, "Dashed: the curve. Bars: what the network answers, one bar a cell. Ring: the answer at the query. Draw into the picture with mouse or finger.");
  const root = html("section", { class: "ls-prompter", "aria-label": data.title });
  const controls = html("div", { class: "controls" }, menu.element, cells.element, query.element);
  root.append(html("p", { class: "question" }, data.question), controls, picture.element, hint, story, errors);
  root.append(makeKeyboardDrawing(place, tall), prompt.element);
  el.append(root);

  const show = () => {
    const shown = now();
    const found = results(data, shown);
    menu.show(chosen);
    cells.show(shown.cells);
    query.show(Math.round(shown.query * data.queries));
    place.show(knot);
    tall.show(Math.round(height(shown.heights, knot / KNOTS) * 20));
    story.textContent = answerSentence(shown, found);
    errors.textContent = errorSentence(shown, found, data.mu);
    for (const name of ["answer", "worst", "bound", "cell"]) root.dataset[name] = found[name];
    picture.show(shown, found, `${story.textContent} ${errors.textContent}`);
    prompt.show(shown, found);
  };
  const events = ["change:heights", "change:cells", "change:query"];
  for (const event of events) model.on(event, show);
  show();
  return () => {
    for (const event of events) model.off(event, show);
  };
}

export default { render };
