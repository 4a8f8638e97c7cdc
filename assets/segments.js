/* The segments view of the Model page: a chart of profiles, or of crowds, is asked for only while it shows. */
(function () {
    "use strict";

    /* What to draw, and what hides: the table of factors, or the chart that is drawn in its place. */
    function profile(way, seen) {
        if (way === "factors") { return [window.dash_clientside.no_update, false, true]; }
        return [{ ...seen, way }, true, false];
    }

    /* The crowds of the map are asked for only while they show; they are of segments, whatever the points' colours. */
    function map(way, across, up, seen) {
        const crowds = way === "density";
        const asked = crowds ? { ...seen, across, up } : window.dash_clientside.no_update;
        return [asked, crowds, !crowds, crowds];
    }

    /* Other segments: what shows of the two is asked for anew. */
    function follow(id, seen) {
        window.dash_clientside.set_props(id, { data: seen });
        const way = chosen("model-profile-way");
        if (way !== "factors") { window.dash_clientside.set_props("model-profile-asked", { data: { ...seen, way } }); }
        if (chosen("model-map-way") === "density") {
            const [across, up] = ["across", "up"].map((side) => document.getElementById("model-map-" + side).value);
            window.dash_clientside.set_props("model-map-asked", { data: { ...seen, across, up } });
        }
    }

    function chosen(id) {
        return document.querySelector("#" + id + " input:checked").value;
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { segments: { profile, map, follow } });
})();
