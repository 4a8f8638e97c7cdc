/* What is chosen on a page stands in its address, and the way back undoes choices one by one without drawing the page
   anew. A page says in `data-filters` or `data-choices` which control holds which choice. */
(function () {
    "use strict";

    const ALWAYS = ["method", "k"];
    const NOTHING = () => window.dash_clientside.no_update;
    let gestures = 0;
    let kept = 0;
    let restored = null;
    let aside = { of: "", values: {} };

    ["pointerup", "click", "change", "keydown"].forEach((kind) => {
        document.addEventListener(kind, () => { gestures += 1; }, true);
    });

    /* What the page says of its choices: which control holds which, what it holds where the address says nothing. */
    function choices() {
        const place = document.querySelector("[data-filters], [data-choices]");
        return place ? JSON.parse(place.dataset.filters || place.dataset.choices) : null;
    }

    /* The controls are set, those that are on the page already: a view that was never opened has none. */
    function put(spec, values) {
        Object.entries(values).filter(([name]) => document.getElementById(spec.controls[name])).forEach(([name, value]) => {
            window.dash_clientside.set_props(spec.controls[name], { value });
        });
    }

    function asked(search, spec) {
        const query = new URLSearchParams(search);
        const found = {};
        Object.entries(spec.usual).forEach(([name, usual]) => {
            const said = query.get(name);
            const read = { boolean: () => said === "yes", number: () => Number(said) }[typeof usual];
            found[name] = said === null ? usual : read ? read() : said;
        });
        return found;
    }

    function alike(one, other) {
        return JSON.stringify(one) === JSON.stringify(other);
    }

    /* What one view alone uses does not stand in the address of another; it comes back with its view. */
    function owned(search, spec) {
        const [before, after] = [new URLSearchParams(location.search), new URLSearchParams(search)];
        const of = [spec.data, spec.recipe].join();
        if (aside.of !== of) { aside = { of, values: {} }; }
        Object.entries(spec.owned || {}).forEach(([name, view]) => {
            if (after.get("view") !== view) {
                if (before.get("view") === view || after.has(name)) { aside.values[name] = after.get(name); }
                after.delete(name);
            } else if (before.get("view") !== view && !after.has(name) && aside.values[name]) {
                after.set(name, aside.values[name]);
            }
        });
        return after.size ? "?" + after : "";
    }

    /* What one gesture changes, as when all filters are cleared, is one step of the way back. An address that only says
       in more words what is shown already is none. */
    function keep(...values) {
        const names = values.pop();
        const spec = choices();
        if (!spec) { return NOTHING(); }
        const shown = values.map((value, place) => {
            const isUsual = !ALWAYS.includes(names[place]) && value === spec.usual[names[place]];
            return isUsual ? "" : value === true ? "yes" : value || "";
        });
        const search = owned(window.dash_clientside.studio.searchWith(...shown, names), spec);
        if (search === location.search) { return NOTHING(); }
        const isStep = gestures > kept && !alike(asked(search, spec), asked(location.search, spec));
        kept = gestures;
        history[isStep ? "pushState" : "replaceState"](history.state, "", location.pathname + search);
        window.dash_clientside.studio.carryView();
        return NOTHING();
    }

    /* Dash knows only the address that it has opened itself, so it is not told of a step between choices. */
    window.addEventListener("popstate", (event) => {
        const spec = choices();
        const query = new URLSearchParams(location.search);
        if (!spec || !location.pathname.endsWith(spec.path)) { return; }
        if (query.get("data") !== spec.data || query.get("recipe") !== spec.recipe) { return; }
        event.stopImmediatePropagation();
        const values = asked(location.search, spec);
        kept = gestures;
        restored = { values, at: performance.now() };
        put(spec, values);
        window.dash_clientside.studio.carryView();
    }, true);

    /* What the way back has set last, and when. */
    function lastRestored() {
        return restored;
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, {
        wayBack: { choices, put, keep, lastRestored },
    });
})();
