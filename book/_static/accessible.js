/* Names and keyboard access that the theme leaves out. tests/site/access.py looks for what is missing. */
(function () {
  "use strict";

  // A list that is only called one would need list items; the entries of the bibliography are none.
  function plainBibliography() {
    document.querySelectorAll(".citation-list, .citation").forEach((part) => part.removeAttribute("role"));
  }

  function nameFolds() {
    // What folds a code cell says so in words; another name would hide them.
    document.querySelectorAll('summary[aria-label="Toggle hidden content"]').forEach((fold) => fold.removeAttribute("aria-label"));
    // In the sidebar the fold is an arrow: it is named after the page it belongs to.
    document.querySelectorAll(".has-children > details > summary").forEach((fold) => {
      const page = fold.closest(".has-children").querySelector("a");
      fold.setAttribute("aria-label", "Pages below " + page.textContent.trim());
    });
  }

  // What is wider than its box scrolls there: from the keyboard too.
  const WIDE = 'mjx-container[display="true"], div.cell_output > .output, div.cell_output .output > div, .ls-picture > div';

  function reachScrolling() {
    document.querySelectorAll(WIDE).forEach((box) => {
      const style = getComputedStyle(box);
      const scrolls = box.scrollWidth > box.clientWidth && style.overflowX !== "visible";
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    plainBibliography();
    nameFolds();
  });
  window.addEventListener("load", () => {
    const formulas = window.MathJax && window.MathJax.startup && window.MathJax.startup.promise;
    Promise.resolve(formulas).then(reachScrolling);
  });
  let waiting = 0;
  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(reachScrolling, 100);
  });
})();
