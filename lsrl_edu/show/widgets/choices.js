// What the widgets with rows of buttons and one slider share; it stands before their own script.

const SVG = "http://www.w3.org/2000/svg";
const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

const raise = (number) => [...String(number)].map((digit) => SUPERSCRIPT[digit]).join("");

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

// say(i): what stands beside the slider; spoken(i): what a screen reader says.
function makeSlider(label, last, say, spoken, choose) {
  const slider = make("input", { type: "range", min: 0, max: last, step: 1, "aria-label": label });
  const count = make("span", { class: "count" });
  slider.addEventListener("input", () => choose(Number(slider.value)));
  // JupyterLab would go to another cell
  slider.addEventListener("keydown", (event) => event.stopPropagation());
  const element = make("div", { class: "choice" }, make("span", {}, label), slider, count);
  const show = (i) => {
    slider.value = i;
    slider.setAttribute("aria-valuetext", spoken(i));
    count.textContent = say(i);
  };
  return { element, show };
}

// A place in a grid of three sizes, the last running fastest, and back.
function placeIn([, b, c], choice) {
  const rest = Math.floor(choice / c);
  return [Math.floor(rest / b), rest % b, choice % c];
}
const choiceAt = ([, b, c], [i, j, k]) => (i * b + j) * c + k;

// Lays out question, controls, story, pictures and note, and keeps them up to date.
function renderChoices({ model, el }, { name, sizes, makeControls, sentence, shown, body, note }) {
  const data = model.get("data");
  const root = make("section", { class: `ls-choices ${name}`, "aria-label": data.title });
  const current = () => model.get("choice");
  const choose = (which) => (value) => {
    const at = placeIn(sizes, current());
    at[which] = value;
    const next = choiceAt(sizes, at);
    if (next === current()) return;
    model.set("choice", next);
    model.save_changes();
  };
  const controls = makeControls(choose);
  const story = make("p", { class: "story", "aria-live": "polite", role: "status" });
  root.append(make("p", { class: "question" }, data.question));
  for (const control of controls) root.append(control.element);
  root.append(story, body, make("p", { class: "note" }, note));
  el.append(root);

  const show = () => {
    const at = placeIn(sizes, current());
    controls.forEach((control, i) => control.show(at[i]));
    story.textContent = sentence(data, current());
    for (const part of shown) part.show(current());
  };
  model.on("change:choice", show);
  show();
  return () => model.off("change:choice", show);
}
