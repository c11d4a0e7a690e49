// What the widgets that ask something share; it stands before their own script.

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// Text with `code` in backticks, as nodes; never as HTML.
const phrase = (text) => text.split("`").map((part, i) => (i % 2 ? make("code", {}, part) : part));

// Text that may also hold listings between lines of three backticks: paragraphs and listings.
function blocks(text) {
  const parts = text.split("```").map((part, i) => {
    if (i % 2) return make("pre", {}, make("code", {}, part.replace(/^\n|\s+$/g, "")));
    return part.trim() && make("p", {}, ...phrase(part.trim()));
  });
  return parts.filter(Boolean);
}

const makeButton = (name, act, attributes = {}) => {
  const button = make("button", { type: "button", ...attributes }, name);
  button.addEventListener("click", act);
  return button;
};

// A place where answers appear, and a screen reader says them. verdict: right, wrong or none.
function makeAnswer() {
  const element = make("div", { class: "answer", role: "status", "aria-live": "polite" });
  const say = (verdict, ...children) => {
    element.dataset.verdict = verdict;
    element.replaceChildren(...children);
  };
  return { element, say };
}

// JupyterLab would take arrows and letters for its own; what belongs to the browser still gets through.
function keepKeys(root) {
  root.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey && event.key !== "Escape") event.stopPropagation();
  });
}
