/* The segments view of the Model page: points of the map take the colours of other segments without a
   request, and a chart of profiles is asked for only while it shows. */
(function () {
    "use strict";

    const MAP = "#model-map .js-plotly-plot";
    const FRAMES = 900;
    let wanted = null;

    /* Another segmentation is other colours and other names in the tooltips.
       Straight to the chart: a restyle takes a third of the time that a new figure takes. A chart that is not drawn yet
       is waited for. Colours by a measure have nothing to do with segments. */
    function recolour(told, colour) {
        if (!told) { return; }
        wanted = told;
        paint(told, colour, FRAMES);
    }

    function paint(told, colour, frames) {
        if (told !== wanted) { return; }
        const plot = document.querySelector(MAP);
        if (plot && plot._fullData && plot._fullData.length) {
            const change = { hovertext: [told.labels.map((label) => told.names[label])] };
            if (colour === "segment") { change["marker.color"] = [told.labels]; }
            window.Plotly.restyle(plot, change, [0]);
        } else if (frames) {
            requestAnimationFrame(() => paint(told, colour, frames - 1));
        }
    }

    /* What to draw, and what hides: the table of factors, or the chart that is drawn in its place. */
    function profile(way, seen) {
        if (way === "factors") { return [window.dash_clientside.no_update, false, true]; }
        return [{ ...seen, way }, true, false];
    }

    /* The crowds of the map are asked for only while they show; they are of segments, whatever the points' colours. */
    function map(way, seen, across, up) {
        const crowds = way === "density";
        const asked = crowds ? { ...seen, across, up } : window.dash_clientside.no_update;
        return [asked, crowds, !crowds, crowds];
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { segments: { recolour, profile, map } });
})();
