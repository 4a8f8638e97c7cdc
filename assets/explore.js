/* The filters of the Explore page: whatever is clicked or drawn a box around sets them. */
(function () {
    "use strict";

    const TOGETHER = 400;
    const NOTHING = () => window.dash_clientside.no_update;
    const filters = () => window.dash_clientside.wayBack.choices();
    const put = (spec, values) => window.dash_clientside.wayBack.put(spec, values);

    /* A number names another segment under another method or k. */
    function everySegment(method, k) {
        const last = window.dash_clientside.wayBack.lastRestored();
        const isSame = last && last.values.method === method && last.values.k === k;
        const back = isSame || (last && performance.now() - last.at < TOGETHER);
        return back ? NOTHING() : filters().usual.segment;
    }

    /* ---- a click on whatever tells which filters it sets; once more undoes it ---- */

    function held(spec, name) {
        const query = new URLSearchParams(location.search);
        return query.has(name) ? query.get(name) : String(spec.usual[name]);
    }

    document.addEventListener("click", (event) => {
        const place = event.target.closest("[data-set]");
        const spec = filters();
        const link = event.target.closest("a, summary");
        const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
        if (!place || !spec || elsewhere || (link && link !== place)) { return; }
        event.preventDefault();
        const wanted = JSON.parse(place.dataset.set);
        const undone = place.dataset.alone === undefined && Object.keys(wanted).every((name) => held(spec, name) === String(wanted[name]));
        const values = undone ? Object.fromEntries(Object.keys(wanted).map((name) => [name, spec.usual[name]])) : wanted;
        put(spec, place.dataset.alone === undefined ? values : Object.assign({}, spec.cleared, values));
        if (place.dataset.alone !== undefined) { window.scrollTo({ top: 0, behavior: "smooth" }); }
        stand(place, values, spec);
    });

    /* Where the click leads elsewhere or its button goes away, the keyboard goes along: to the view, or to the chips. */
    function stand(place, values, spec) {
        const chips = document.getElementById("explore-chips");
        if (values.view) {
            window.dash_clientside.tabs.stand(spec.controls.view, values.view);
        } else if (place.dataset.alone !== undefined || place.closest(".state")) {
            window.dash_clientside.markup.stand(chips);
        }
    }

    /* ---- a box or a lasso around points, or a click on one ---- */

    function written(low, high, whole) {
        const round = whole ? [Math.ceil, Math.floor] : [(x) => Math.floor(100 * x) / 100, (x) => Math.ceil(100 * x) / 100];
        const from = round[0](low);
        return (from > 0 ? from : "") + "-" + Math.max(round[1](high), 0);
    }

    /* A new box or lasso in a chart takes the place of what was drawn there before. */
    function selected(selection, parts) {
        const spec = filters();
        const drawn = selection && (selection.range || selection.lassoPoints);
        if (!spec || !drawn || !selection.points) { return NOTHING(); }
        const values = { [parts.outline]: "" };
        ["x", "y"].forEach((side, place) => {
            const [name, whole] = parts.box[place];
            values[name] = selection.range ? written(Math.min(...drawn[side]), Math.max(...drawn[side]), whole) : "";
        });
        if (selection.lassoPoints) { values[parts.outline] = window.dash_clientside.outlines.written(parts.chart, drawn); }
        put(spec, values);
        return NOTHING();
    }

    function clicked(click) {
        const spec = filters();
        const segment = click && window.dash_clientside.dots.segmentAt(click.points[0].pointNumber);
        if (spec && segment !== null) { put(spec, { segment: String(segment) }); }
        return NOTHING();
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, {
        explore: { everySegment, selected, clicked },
    });
})();
