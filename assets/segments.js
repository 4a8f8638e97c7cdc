/* The segments view of the Model page: points of the map take the colours of other segments without a
   request, and a chart of profiles is asked for only while it shows. */
(function () {
    "use strict";

    const MAP = "#model-map .js-plotly-plot";
    const FRAMES = 900;
    let wanted = null;

    /* Straight to the chart: a restyle takes a third of the time that a new figure takes. A chart that is not drawn yet
       is waited for. Colours by a measure have nothing to do with segments. */
    function recolour(labels, colour) {
        if (!labels || colour !== "segment") { return; }
        wanted = labels;
        paint(labels, FRAMES);
    }

    function paint(labels, frames) {
        if (labels !== wanted) { return; }
        const plot = document.querySelector(MAP);
        if (plot && plot._fullData && plot._fullData.length) {
            window.Plotly.restyle(plot, { "marker.color": [labels] }, [0]);
        } else if (frames) {
            requestAnimationFrame(() => paint(labels, frames - 1));
        }
    }

    /* What to draw, and what hides: the table of factors, or the chart that is drawn in its place. */
    function profile(way, seen) {
        if (way === "factors") { return [window.dash_clientside.no_update, false, true]; }
        return [{ ...seen, way }, true, false];
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { segments: { recolour, profile } });
})();
