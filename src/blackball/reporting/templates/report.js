"use strict";
// Nothing in a printed report stays folded.
window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});

(() => {
  const held = document.getElementById("explorer-data");
  if (!held) return;
  const data = JSON.parse(held.textContent);
  const scores = columns(data.scores, data.quantities.length);
  const results = columns(data.results, data.outcomes.reduce((n, o) => n + o.rows.length * o.labels.length, 0));
  const fieldsets = [...document.querySelectorAll("fieldset[data-quantity]")];
  const HALF_90 = 1.6448536269514722;
  const FEW = 100;

  // Little-endian single precision, one column after the other.
  function columns(text, count) {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    return Array.from({ length: count }, (_, column) =>
      Float64Array.from({ length: data.samples }, (_, row) => view.getFloat32(4 * (column * data.samples + row), true)));
  }

  // The weight of each draw: density of the belief over that of the prior, both normal (decisions/reweigh.py).
  function weights(beliefs) {
    const log = new Float64Array(data.samples);
    beliefs.forEach(({ centre, width }, place) => {
      if (centre === 0 && width === 1) return;
      scores[place].forEach((z, row) => { log[row] += (z * z - ((z - centre) / width) ** 2) / 2; });
    });
    const most = log.reduce((a, b) => Math.max(a, b), -Infinity);
    const weight = log.map((value) => Math.exp(value - most));
    const total = weight.reduce((a, b) => a + b, 0);
    return weight.map((value) => value / total);
  }

  const mean = (values, weight) => values.reduce((sum, value, row) => sum + value * weight[row], 0);

  function natural(quantity, score) {
    const x = quantity.mean + quantity.sd * score;
    if (quantity.support === "real") return x;
    if (quantity.support === "positive") return Math.exp(x);
    const share = 1 / (1 + Math.exp(-x));
    return quantity.support === "bounded" ? quantity.lower_bound + (quantity.upper_bound - quantity.lower_bound) * share : share;
  }

  // As numbers are written everywhere in the report (reporting/words.py).
  function number(value, unit) {
    if (unit !== "probability") return String(Number(value.toPrecision(2)));
    if (value > 0 && value < 1e-6) return "< 0.0001 %";
    if (value >= 0.995 && value < 1) return "> 99 %";
    const percent = 100 * value;
    const rounded = Number(percent.toPrecision(2));
    const digits = percent === 0 ? 0 : Math.max(0, 1 - Math.floor(Math.log10(Math.abs(rounded))));
    return `${percent.toFixed(digits)} %`;
  }

  function beliefs() {
    return fieldsets.map((fieldset) => ({
      centre: Number(fieldset.querySelector(".centre").value),
      width: Number(fieldset.querySelector(".width").value),
    }));
  }

  function say(fieldset, quantity, { centre, width }) {
    const at = (score) => number(natural(quantity, score), quantity.unit);
    const range = `${at(centre - HALF_90 * width)} to ${at(centre + HALF_90 * width)}`;
    const words = `${at(centre)} (90 %: ${range})`;
    fieldset.querySelector("output").textContent = centre === 0 && width === 1 ? `${words}, the model's own` : words;
    fieldset.querySelector(".centre").setAttribute("aria-valuetext", words);
    fieldset.querySelector(".width").setAttribute("aria-valuetext", `${Math.round(100 * width)} % of the model's range`);
  }

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function fill(box, outcome, equal, weight) {
    const select = box.querySelector("select");
    const label = select ? Number(select.value) : 0;
    const pairs = outcome.rows.map((row) => {
      const values = results[row.places[label]];
      return [mean(values, equal), mean(values, weight)];
    });
    const widest = Math.max(...pairs.flat().map(Math.abs)) || 1;
    const lines = outcome.rows.map((row, place) => {
      const [before, after] = pairs[place];
      const cells = [before, after].map((value) =>
        element("td", { className: "number", textContent: number(value, outcome.unit) }));
      cells[1].dataset.value = after;
      cells[1].dataset.place = row.places[label];
      const bar = element("div", {}), tick = element("span", {});
      bar.style.width = `${100 * Math.abs(after) / widest}%`;
      tick.style.left = `${100 * Math.abs(before) / widest}%`;
      const track = element("div", { className: "track", ariaHidden: "true" }, bar, tick);
      const head = element("th", { scope: "row", textContent: row.label + (row.leans[label] ? "\u00a0†" : "") });
      return element("tr", {}, head, ...cells, element("td", {}, track));
    });
    box.querySelector("tbody").replaceChildren(...lines);
  }

  function update() {
    const held = beliefs();
    const equal = new Float64Array(data.samples).fill(1 / data.samples);
    const weight = weights(held);
    const effective = 1 / weight.reduce((sum, value) => sum + value * value, 0);
    fieldsets.forEach((fieldset, place) => say(fieldset, data.quantities[place], held[place]));
    document.querySelectorAll(".explored").forEach((box) =>
      fill(box, data.outcomes[Number(box.dataset.outcome)], equal, weight));
    const status = document.getElementById("effective");
    status.classList.toggle("few", effective < FEW);
    status.dataset.effective = effective;
    status.textContent = `These numbers rest on the equivalent of ${Math.round(effective)} of ${data.samples} draws.` +
      (effective < FEW ? " That is too few: what you believe is far from all that model and judgements allow. Do not rely on them." : "");
  }

  const form = document.querySelector(".sliders");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", update);
  form.addEventListener("reset", () => setTimeout(update));
  document.querySelectorAll(".explored select").forEach((select) => select.addEventListener("change", update));
  form.reset();
  update();
})();
