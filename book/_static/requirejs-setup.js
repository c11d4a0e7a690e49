/* Widgets on the static pages: tell require where our own copies of their scripts are. */
(function () {
  "use strict";

  // This script lies in _static; every path below is relative to it, whatever page asks.
  var base = document.currentScript.src.replace(/requirejs-setup\.js.*$/, "");
  require.config({
    paths: {
      anywidget: base + "vendor/anywidget/index",
      "@jupyter-widgets/html-manager/dist": base + "vendor/html-manager",
      // The manager's modules look for their icon fonts beside their own address.
      "@jupyter-widgets": base + "vendor/html-manager",
    },
    waitSeconds: 60,
  });

  // The widget manager speaks MathJax 2; the page has MathJax 3.
  window.MathJax = window.MathJax || {};
  window.MathJax.Hub = {
    Config: function () {},
    Configured: function () {},
    Queue: function () {
      var parts = Array.prototype.slice.call(arguments).filter(function (part) {
        return Array.isArray(part) && part[0] === "Typeset" && part[2];
      });
      parts.forEach(function (part) {
        // Outside marked elements the page's MathJax leaves text alone.
        part[2].classList.add("mathjax_process");
        if (window.MathJax.typesetPromise) window.MathJax.typesetPromise([part[2]]);
      });
    },
  };
})();
