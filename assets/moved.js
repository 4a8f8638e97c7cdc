/* Who moved: how far back to go in one click, the address, and a band of the diagram as a filter of the list. */
(function () {
    "use strict";

    const KEPT = ["since", "until", "gone_from", "gone_to"];

    function back() {
        const pressed = window.dash_clientside.callback_context.triggered_id;
        const until = arguments[arguments.length - 1];
        const day = new Date(until + "T00:00:00Z");
        if (!pressed || Number.isNaN(day.getTime())) { return window.dash_clientside.no_update; }
        day.setUTCDate(day.getUTCDate() - Number(pressed.split("-").pop()));
        return day.toISOString().slice(0, 10);
    }

    function keep(since, until, from, to, base) {
        const values = [since || "", until || "", from || "", to || ""];
        window.dash_clientside.studio.keepAddress(...values, KEPT);
        return Object.assign({}, base, Object.fromEntries(KEPT.map((name, place) => [name, values[place]])));
    }

    /* Of a band Dash hands on texts and numbers alone, so both segments come as one text; who was no customer yet is
       nobody's choice. */
    function choose(clicked) {
        const band = clicked && clicked.points && clicked.points[0].customdata;
        if (typeof band !== "string") { return Array(2).fill(window.dash_clientside.no_update); }
        return band.split(",").map((number) => (number === "-3" ? "any" : number));
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { moved: { back, keep, choose } });
})();
