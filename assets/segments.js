/* The segments view of the Model page: points of the map take the colours of other segments without a request. */
(function () {
    "use strict";

    /* Colours by a measure have nothing to do with segments. */
    function recolour(labels, colour, figure) {
        if (!labels || !figure || colour !== "segment") { return window.dash_clientside.no_update; }
        const [points] = figure.data;
        return { ...figure, data: [{ ...points, marker: { ...points.marker, color: labels } }] };
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { segments: { recolour } });
})();
