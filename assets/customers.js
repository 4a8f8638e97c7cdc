/* The list of customers: which one is open stands in the address, so that back closes it and a link opens it. */
(function () {
    "use strict";

    const PLACE = "customers-one";
    const NOTHING = () => window.dash_clientside.no_update;
    let moving = false;

    function here() {
        return document.getElementById(PLACE) !== null;
    }

    function address(customer) {
        const query = new URLSearchParams(location.search);
        if (customer) { query.set("customer", customer); } else { query.delete("customer"); }
        return location.pathname + "?" + query;
    }

    function show(customer) {
        moving = true;
        window.dash_clientside.set_props("customers-asked", { data: customer });
    }

    /* Nobody, the empty text, is the list. */
    function open(customer) {
        history.pushState(history.state, "", address(customer));
        show(customer);
    }

    function rowOf(target) {
        const row = target.closest && target.closest(".customer-grid .ag-row");
        return row && row.getAttribute("row-id");
    }

    document.addEventListener("click", (event) => {
        if (!here() || event.ctrlKey || event.metaKey || event.shiftKey || event.button) { return; }
        if (event.target.closest("#one-customer-close")) { open(""); return; }
        const link = event.target.closest("[data-customer]");
        const customer = link ? link.dataset.customer : rowOf(event.target);
        if (customer) { event.preventDefault(); open(customer); }
    });

    document.addEventListener("keydown", (event) => {
        const customer = here() && event.key === "Enter" ? rowOf(event.target) : null;
        if (customer) { event.preventDefault(); open(customer); }
    });

    /* In the first phase, as the page's filters let nobody else hear of a step between them. */
    window.addEventListener("popstate", () => {
        if (here()) { show(new URLSearchParams(location.search).get("customer") || ""); }
    }, true);

    /* After a move the reader is at the customer's name, or back at the search. */
    function arrive() {
        if (!moving) { return NOTHING(); }
        moving = false;
        requestAnimationFrame(() => {
            const place = document.getElementById("one-customer-heading") || document.getElementById("customers-find");
            if (place) { place.focus(); place.scrollIntoView({ block: "nearest" }); }
        });
        return NOTHING();
    }

    function find(typed, model) {
        const asked = Object.assign({}, model);
        delete asked.CustomerID;
        const begins = (typed || "").trim();
        if (begins) { asked.CustomerID = { filterType: "text", type: "startsWith", filter: begins }; }
        return asked;
    }

    /* The list's own filters and order as the address holds them. Before the grid has taken over what the address asks
       for, what it says of itself is not the reader's wish, unless they have a hand on it. */
    let wanted = null;
    let told = null;  // what the grid itself has said last: it may have moved on since, and is not to be set back

    function inOrder(value) {
        if (value === null || typeof value !== "object") { return value; }
        if (Array.isArray(value)) { return value.map(inOrder); }
        const names = Object.keys(value).filter((name) => value[name] !== null).sort();
        return Object.fromEntries(names.map((name) => [name, inOrder(value[name])]));
    }

    function alike(one, other) {
        return JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
    }

    function read(rows) {
        return rows ? JSON.parse(rows) : {};
    }

    ["pointerdown", "keydown"].forEach((kind) => {
        document.addEventListener(kind, (event) => {
            if (event.target.closest && event.target.closest("#customers-list, .ag-popup")) { wanted = null; }
        }, true);
    });

    /* The usual order is that of an address which asks for none. */
    function keep(request, rows, sort, usual) {
        if (!request) { return [NOTHING(), NOTHING()]; }
        const model = request.filterModel || {};
        const order = (request.sortModel || []).map((each) => each.colId + "-" + each.sort).join();
        if (wanted && !(alike(model, read(wanted.rows)) && order === wanted.sort)) { return [NOTHING(), NOTHING()]; }
        wanted = null;
        const written = Object.keys(model).length ? JSON.stringify(model) : "";
        const kept = order === (sort || usual) ? sort : order === usual ? "" : order;
        told = JSON.stringify([alike(model, read(rows)) ? rows : written, kept]);
        return JSON.parse(told).map((value, place) => value === [rows, sort][place] ? NOTHING() : value);
    }

    function restore(rows, sort, grid, search, usual) {
        window.dash_clientside.wayBack.keep(rows, sort, ["rows", "sort"]);
        if (told === JSON.stringify([rows, sort])) { return NOTHING(); }
        told = null;
        window.dash_ag_grid.getApiAsync(grid).then((api) => {
            const model = read(rows);
            const order = api.getColumnState().filter((each) => each.sort).map((each) => each.colId + "-" + each.sort).join();
            const asked = sort || usual;
            if (alike(model, api.getFilterModel() || {}) && order === asked) { return; }
            wanted = { rows, sort: asked };
            const begins = model.CustomerID && model.CustomerID.type === "startsWith" ? model.CustomerID.filter : "";
            if (begins || !model.CustomerID) { window.dash_clientside.set_props(search, { value: begins }); }
            api.setFilterModel(model);
            const [colId, way] = asked.split("-");
            api.applyColumnState({ state: [{ colId, sort: way }], defaultState: { sort: null } });
        });
        return NOTHING();
    }

    function choose(chosen, options, grid) {
        window.dash_ag_grid.getApiAsync(grid).then((api) => {
            const names = options.map((option) => option.value);
            api.setColumnsVisible(names.filter((name) => chosen.includes(name)), true);
            api.setColumnsVisible(names.filter((name) => !chosen.includes(name)), false);
        });
        return NOTHING();
    }

    function refresh(shown, grid) {
        window.dash_ag_grid.getApiAsync(grid).then((api) => api.purgeInfiniteCache());
        return NOTHING();
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { customers: { arrive, find, keep, restore, choose, refresh } });
})();
