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

    window.dash_clientside = Object.assign({}, window.dash_clientside, { customers: { arrive, find, choose, refresh } });
})();
