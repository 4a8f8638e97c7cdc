/* The filters of the Explore page: whatever is clicked or drawn a box around sets them, the address carries them, and
   the way back undoes them one by one without drawing the page anew. */
(function () {
    "use strict";

    const TOGETHER = 400;
    const ALWAYS = ["method", "k"];
    const NOTHING = () => window.dash_clientside.no_update;
    let gestures = 0;
    let kept = 0;
    let restored = null;

    ["pointerup", "click", "change", "keydown"].forEach((kind) => {
        document.addEventListener(kind, () => { gestures += 1; }, true);
    });

    /* What the page says of its filters: which control holds which, what it holds where nothing is filtered. */
    function filters() {
        const place = document.querySelector("[data-filters]");
        return place ? JSON.parse(place.dataset.filters) : null;
    }

    function put(spec, values) {
        Object.entries(values).forEach(([name, value]) => {
            window.dash_clientside.set_props(spec.controls[name], { value });
        });
    }

    /* ---- the address ---- */

    /* What one gesture changes, as when all filters are cleared, is one step of the way back. */
    function keep(...values) {
        const names = values.pop();
        const spec = filters();
        const shown = values.map((value, place) => {
            const isUsual = !ALWAYS.includes(names[place]) && value === spec.usual[names[place]];
            return isUsual ? "" : value === true ? "yes" : value || "";
        });
        const search = window.dash_clientside.studio.searchWith(...shown, names);
        if (search === location.search) { return NOTHING(); }
        const step = gestures > kept ? "pushState" : "replaceState";
        kept = gestures;
        history[step](history.state, "", location.pathname + search);
        window.dash_clientside.studio.carryView();
        return NOTHING();
    }

    function asked(query, spec) {
        const found = {};
        Object.entries(spec.usual).forEach(([name, usual]) => {
            const said = query.get(name);
            found[name] = said === null ? usual : name === "table" ? said === "yes" : said;
        });
        return found;
    }

    /* Dash knows only the address that it has opened itself, so it is not told of a step between filters. */
    window.addEventListener("popstate", (event) => {
        const spec = filters();
        const query = new URLSearchParams(location.search);
        if (!spec || !location.pathname.endsWith(spec.path)) { return; }
        if (query.get("data") !== spec.data || query.get("recipe") !== spec.recipe) { return; }
        event.stopImmediatePropagation();
        const values = asked(query, spec);
        kept = gestures;
        restored = { key: [values.method, values.k].join("/"), at: performance.now() };
        put(spec, values);
        window.dash_clientside.studio.carryView();
    }, true);

    /* A number names another segment under another method or k. */
    function everySegment(method, k) {
        const back = restored && (restored.key === [method, k].join("/") || performance.now() - restored.at < TOGETHER);
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
    });

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
        explore: { keep, everySegment, selected, clicked },
    });
})();
