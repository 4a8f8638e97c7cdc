/* A page on paper: it is light, and its charts, which Plotly draws for the width of the window, fit the sheet. */
(function () {
    "use strict";

    const SHEET = 640; // pixels that a card leaves a chart on a sheet of A4
    const charts = () => [...document.querySelectorAll(".js-plotly-plot")].filter((plot) => plot._fullLayout && plot.offsetParent);
    /* Bands come by a slow change that paper does not wait for, so a diagram of them is made smaller as it is. */
    const flows = (plot) => plot._fullData[0] && plot._fullData[0].type === "sankey";
    const root = document.documentElement;
    let before = [];
    let scheme = null;

    window.addEventListener("beforeprint", () => {
        scheme = root.getAttribute("data-bs-theme");
        root.setAttribute("data-bs-theme", "light");
        charts().filter(flows).forEach((plot) => { plot.style.zoom = Math.min(1, SHEET / plot._fullLayout.width); });
        before = charts().filter((plot) => !flows(plot)).map((plot) => [plot, plot.layout.width]);
        before.forEach(([plot]) => window.Plotly.relayout(plot, { width: SHEET }));
    });

    window.addEventListener("afterprint", () => {
        root.setAttribute("data-bs-theme", scheme || "light");
        charts().filter(flows).forEach((plot) => { plot.style.zoom = ""; });
        before.forEach(([plot, width]) => window.Plotly.relayout(plot, width === undefined ? { width: null, autosize: true } : { width }));
        before = [];
    });
})();
