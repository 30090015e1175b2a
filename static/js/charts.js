// Draws every <figure data-chart> when it comes near the screen. The figure's table stands beside it, with or without this script.
const here = document.querySelector("script[data-plotly]").dataset;
const spanish = document.documentElement.lang.startsWith("es");
let library;

const load = src => new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = src;
  script.onload = resolve;
  script.onerror = reject;
  document.head.append(script);
});

const plotly = () => library ??= load(here.plotly)
  .then(() => spanish && load(here.plotlyEs))
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
