/* Runs the small network of the start page: weights in, one column for each element out. */
(function () {
  "use strict";

  const dot = (row, x) => row.reduce((sum, w, i) => sum + w * x[i], 0);
  const affine = (W, b, x) => W.map((row, i) => dot(row, x) + b[i]);

  // One layer at one step: u = W y + b, then states, ReLUs, carries and products of u.
  function layer(spec, state, x) {
    const u = affine(spec.W, spec.b, x);
    const count = (kind) => spec.kinds.filter((k) => k === kind).length;
    const [S, R, C, P] = ["state", "relu", "carry", "product"].map(count);
    const next = spec.A.map((row, i) => dot(row, state) + u[i]);
    const relus = u.slice(S, S + R).map((v) => Math.max(0, v));
    const carries = u.slice(S + R, S + R + C);
    const left = u.slice(S + R + C, S + R + C + P);
    const right = u.slice(S + R + C + P);
    return { state: next, y: [...next, ...relus, ...carries, ...left.map((v, i) => v * right[i])] };
  }

  // All channels of all layers, and the output, for every element.
  function run(net, xs) {
    let states = net.layers.map((spec) => spec.s0);
    return xs.map((x) => {
      let y = [x];
      const seen = net.layers.map((spec, k) => {
        const out = layer(spec, states[k], y);
        states = states.map((s, i) => (i === k ? out.state : s));
        y = out.y;
        return y;
      });
      return { channels: seen.flat(), output: affine(net.readout, net.bias, y)[0] };
    });
  }

  const cell = (name, text, scope) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (scope) made.scope = scope;
    return made;
  };

  function row(title, values) {
    const made = document.createElement("tr");
    made.append(cell("th", title, "row"), ...values.map((v) => cell("td", String(v))));
    return made;
  }

  function names(net) {
    const seen = {};
    return net.layers.flatMap((spec) =>
      spec.kinds.map((kind, i) => {
        const name = spec.labels[i];
        seen[name] = (seen[name] || 0) + 1;
        const many = spec.labels.filter((other) => other === name).length > 1;
        return `${name}${many ? " " + seen[name] : ""} (${kind === "relu" ? "ReLU" : kind})`;
      })
    );
  }

  function show(figure) {
    const net = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
    const buttons = [...figure.querySelectorAll("button")];
    const table = figure.querySelector("table");
    const said = figure.querySelector("[role=status]");
    const titles = names(net);
    const draw = () => {
      const xs = buttons.map((button) => Number(button.textContent));
      const steps = run(net, xs);
      const rows = titles.map((title, i) => row(title, steps.map((s) => s.channels[i])));
      table.replaceChildren(row("x", xs), ...rows, row("output", steps.map((s) => s.output)));
      const ones = xs.filter(Boolean).length;
      const wanted = ones > xs.length - ones ? 1 : 0;
      const output = steps[steps.length - 1].output;
      said.textContent =
        `${ones} ones, ${xs.length - ones} zeros: more ones? The program says ` +
        `${wanted ? "yes" : "no"}, the network says ${output ? "yes" : "no"}.`;
    };
    for (const button of buttons) {
      button.addEventListener("click", () => {
        const bit = button.textContent === "1" ? "0" : "1";
        button.textContent = bit;
        button.setAttribute("aria-pressed", String(bit === "1"));
        draw();
      });
    }
    draw();
  }

  const start = () => document.querySelectorAll("[data-live]").forEach(show);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
