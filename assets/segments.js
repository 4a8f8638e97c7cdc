/* The segments view of the Model page: a chart of profiles, or of crowds, is asked for only while it shows. */
(function () {
    "use strict";

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

    window.dash_clientside = Object.assign({}, window.dash_clientside, { segments: { profile, map } });
})();
