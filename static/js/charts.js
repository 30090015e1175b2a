// Draws every <figure data-chart> when it comes near the screen. The figure's table stands beside it, with or without this script.
const here = document.querySelector("script[data-plotly]").dataset;
const spanish = document.documentElement.lang.startsWith("es");
let library;

const load = (kind, of) => new Promise((onload, onerror) => {
  document.head.append(Object.assign(document.createElement(kind), { ...of, onload, onerror }));
});

// Its stylesheet stands in for the <style> that plotly.js would insert: this id and class it looks for (vendor/README.md).
const dress = href => load("link", { rel: "stylesheet", href, id: "plotly.js-style-global", className: "no-inline-styles" })
  .catch(console.warn);    // the chart is drawn without

const plotly = () => library ??= Promise.all([dress(here.plotlyCss), load("script", { src: here.plotly })])
  .then(() => spanish && load("script", { src: here.plotlyEs }))
  .then(() => window.Plotly);

async function draw(figure) {
  const { data, layout } = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const Plotly = await plotly();
  await Plotly.newPlot(figure.querySelector(".chart"), data, layout,
    { displayModeBar: false, responsive: true, locale: spanish ? "es" : "en-US" });
  figure.dataset.ready = "1";
}

const near = new IntersectionObserver(entries => entries.forEach(entry => {
  if (!entry.isIntersecting) return;
  near.unobserve(entry.target);
  draw(entry.target).catch(error => {
    entry.target.querySelector(".chart").hidden = true;    // the table says it all
    console.warn(error);
  });
}), { rootMargin: "200px" });

const charts = () => document.querySelectorAll("figure[data-chart]:not([data-ready])");
if (navigator.connection?.saveData) document.documentElement.classList.add("saves-data");
else {
  charts().forEach(figure => near.observe(figure));
}
