// Questions with an answer to each choice. Needs no kernel.
//
// model "data": see quiz_data in quiz.py. model "answers": for each question what was last checked
// (places of choices, or the text of a number), null for nothing.

const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?:\s*\/\s*(\d+\.?\d*|\.\d+))?$/i;

// 3, -0.25, 1e-3, 1/4; null for anything else.
function readNumber(text) {
  const found = NUMBER.exec(text.trim().replace(/[−–]/g, "-"));
  if (!found) return null;
  const value = Number(found[1]) / (found[2] === undefined ? 1 : Number(found[2]));
  return Number.isFinite(value) ? value : null;
}

// Rounding of the last digit is nobody's mistake.
const isNear = (a, b, tolerance) => Math.abs(a - b) <= tolerance + 1e-12 * Math.abs(b);

// verdict: right, wrong, or open where nothing was answered; whys: [mark, text of the choice, why].
function judgeNumber(question, text) {
  const value = readNumber(text);
  if (value === null) {
    return { verdict: "open", head: "Write a number, such as 3, -0.25, 1e-3 or 1/4, and check again.", whys: [] };
  }
  if (isNear(value, question.answer, question.tolerance)) {
    return { verdict: "right", head: `Right. ${question.why}`.trim(), whys: [] };
  }
  const known = question.wrong.find(([wrong]) => isNear(value, wrong, 0));
  const why = known ? ` ${known[1]}` : question.hint ? " There is a hint." : "";
  return { verdict: "wrong", head: `Not right.${why} Try again.`, whys: [] };
}

function judgeChoices({ choices, several }, chosen) {
  if (!chosen.length) return { verdict: "open", head: "Choose an answer, then check it.", whys: [] };
  const wrong = chosen.filter((i) => !choices[i].correct).length;
  const missing = choices.filter((choice, i) => choice.correct && !chosen.includes(i)).length;
  const verdict = wrong || missing ? "wrong" : "right";
  if (!several) {
    const { why } = choices[chosen[0]];
    return { verdict, head: wrong ? `Not right. ${why} Try again.` : `Right. ${why}`, whys: [] };
  }
  const whys = chosen.map((i) => [choices[i].correct ? "right" : "not right", choices[i].text, choices[i].why]);
  if (verdict === "right") return { verdict, head: "Right, and complete.", whys };
  const head = wrong
    ? `${wrong} of the ${chosen.length} you chose ${wrong === 1 ? "is" : "are"} not right. Try again.`
    : "What you chose is right, but something is missing. Try again.";
  return { verdict, head, whys };
}

function judge(question, answer) {
  if (answer === null || question.kind === "reveal") return { verdict: "open", head: "", whys: [] };
  return question.kind === "number" ? judgeNumber(question, answer) : judgeChoices(question, answer);
}

function countRight(questions, answers) {
  const asked = questions.filter((question) => question.kind !== "reveal").length;
  const right = questions.filter((question, i) => judge(question, answers[i]).verdict === "right").length;
  if (!asked) return "";
  return right === asked && asked > 1 ? `All ${asked} right.` : `${right} of ${asked} right.`;
}

const MARKS = { right: "✓ ", wrong: "✗ ", open: "" };

function listWhys(whys) {
  return make("ul", {}, ...whys.map(([mark, text, why]) => make("li", {}, ...phrase(text), ` (${mark}): `, ...phrase(why))));
}

// Once a question is right, what was wrong with the other choices is no secret any more.
function otherChoices(question, chosen) {
  const others = question.choices.filter((_, i) => !chosen.includes(i));
  if (!others.length) return [];
  const whys = others.map((choice) => ["not right", choice.text, choice.why]);
  return [make("details", {}, make("summary", {}, "Why not the others?"), listWhys(whys))];
}

function makeChoices(question, changed) {
  const type = question.several ? "checkbox" : "radio";
  const inputs = question.choices.map((_, i) => make("input", { type, name: "choice", value: i }));
  const labels = question.choices.map((choice, i) => make("label", {}, inputs[i], make("span", {}, ...phrase(choice.text))));
  for (const input of inputs) input.addEventListener("change", changed);
  return {
    elements: [...(question.several ? [make("p", { class: "note" }, "Choose all that are right.")] : []), ...labels],
    read: () => inputs.flatMap((input, i) => (input.checked ? [i] : [])),
    write: (chosen) => inputs.forEach((input, i) => (input.checked = chosen.includes(i))),
  };
}

function makeNumber(question, changed) {
  const input = make("input", { type: "text", inputmode: "text", autocomplete: "off", spellcheck: "false", size: 12 });
  input.addEventListener("input", changed);
  const hint = question.hint && make("details", {}, make("summary", {}, "Hint"), ...blocks(question.hint));
  return {
    elements: [make("label", { class: "number" }, "Your number", input)],
    after: hint ? [hint] : [],
    read: () => input.value,
    write: (text) => (input.value = text),
  };
}

function makeReveal(question) {
  const body = make("div", { class: "answer" }, ...blocks(question.answer));
  const details = make("details", {}, make("summary", {}, "I have thought about it: show the answer"), body);
  return { elements: [details], show: () => {} };
}

function makeAsked(question, answered) {
  const [answer, more] = [makeAnswer(), make("div")];
  // Another choice is another answer: what was said of the last one goes.
  const changed = () => answered(null);
  const field = question.kind === "number" ? makeNumber(question, changed) : makeChoices(question, changed);
  const check = make("button", { type: "submit" }, "Check");
  const show = (given) => {
    more.replaceChildren();
    if (given === null) return answer.say("open");
    field.write(given);
    const { verdict, head, whys } = judge(question, given);
    const said = [make("p", {}, MARKS[verdict], ...phrase(head))];
    if (whys.length) said.push(listWhys(whys));
    if (verdict === "right" && question.kind === "choice") more.append(...otherChoices(question, given));
    return answer.say(verdict, ...said);
  };
  const submit = () => answered(field.read());
  return { elements: [...field.elements, check, answer.element, more, ...(field.after ?? [])], show, submit };
}

// A form of its own for each question: Enter checks it, and its radio buttons are one group.
function makeQuestion(question, number, count, answered) {
  const part = question.kind === "reveal" ? makeReveal(question) : makeAsked(question, answered);
  const [first, ...more] = blocks(question.prompt);
  const legend = make("legend", {}, count > 1 ? `${number}. ` : "", ...first.childNodes);
  const form = make("form", { novalidate: "" }, make("fieldset", {}, legend, ...more, ...part.elements));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    part.submit?.();
  });
  return { element: form, show: part.show };
}

function render({ model, el }) {
  const data = model.get("data");
  const root = make("section", { class: "ls-exercise ls-quiz", "aria-label": data.title });
  const answered = (i) => (given) => {
    const before = model.get("answers");
    if (given === null && before[i] === null) return;
    model.set("answers", before.map((old, j) => (i === j ? given : old)));
    model.save_changes();
  };
  const parts = data.questions.map((question, i) => makeQuestion(question, i + 1, data.questions.length, answered(i)));
  const count = make("p", { class: "count", role: "status", "aria-live": "polite" });
  root.append(make("p", { class: "title" }, data.title), ...parts.map((part) => part.element), count);
  keepKeys(root);
  el.append(root);

  let shown = data.questions.map(() => undefined);
  // Only what is new is written again: a screen reader repeats whatever is touched.
  const show = () => {
    const answers = model.get("answers");
    answers.forEach((answer, i) => answer !== shown[i] && parts[i].show(answer));
    shown = answers;
    const text = countRight(data.questions, answers);
    if (count.textContent !== text) count.textContent = text;
  };
  model.on("change:answers", show);
  show();
  return () => model.off("change:answers", show);
}

export default { render };
export { countRight, judge, readNumber };
