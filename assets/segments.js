/* The segments view of the Model page: points of the map take the colours of other segments without a
   request, and a chart of profiles is asked for only while it shows. */
(function () {
    "use strict";

    /* Colours by a measure have nothing to do with segments. */
    function recolour(labels, colour, figure) {
        if (!labels || !figure || colour !== "segment") { return window.dash_clientside.no_update; }
        const [points] = figure.data;
        return { ...figure, data: [{ ...points, marker: { ...points.marker, color: labels } }] };
    }

    /* What to draw, and what hides: the table of factors, or the chart that is drawn in its place. */
    function profile(way, seen) {
        if (way === "factors") { return [window.dash_clientside.no_update, false, true]; }
        return [{ ...seen, way }, true, false];
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { segments: { recolour, profile } });
})();
