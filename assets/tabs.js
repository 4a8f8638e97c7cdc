/* The views of a page: which one shows, and what the server has to draw for it. */
(function () {
    "use strict";

    function hide(shown, spec) {
        return [!spec.following.includes(shown), ...spec.tabs.map((tab) => tab !== shown)];
    }

    /* Asks for a view that is not open yet, or for an open one that follows the controls and was drawn for others. */
    function ask(shown, drawn, ...rest) {
        const spec = rest.pop();
        const values = {};
        spec.fields.forEach((field, position) => { values[field] = rest[position]; });
        const known = (drawn || {})[shown];
        if (known === undefined) {
            put(spec.page + "-open", { tab: shown, values });
        } else if (spec.following.includes(shown) && !same(known, values, spec.fields)) {
            put(spec.page + "-asked-" + shown, values);
        }
        return window.dash_clientside.no_update;
    }

    function put(id, data) {
        window.dash_clientside.set_props(id, { data });
    }

    function same(known, values, fields) {
        const plain = (value) => (value === undefined || value === null ? "" : JSON.stringify(value));
        return fields.every((field) => plain(known[field]) === plain(values[field]));
    }

    /* The address of another page with the same choice; the view, the customer and a later file are this page's own. */
    function onward(...rest) {
        const [path, fields] = rest.splice(-2);
        const query = new URLSearchParams(location.search);
        ["view", "customer", "later"].forEach((own) => query.delete(own));
        fields.forEach((field, position) => query.set(field, rest[position]));
        return path + "?" + query;
    }

    /* What leads to another view of the same page opens it in place; in a new tab it is a link like any other. */
    document.addEventListener("click", (event) => {
        const link = event.target.closest("a[data-switch]");
        if (!link || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
        event.preventDefault();
        window.dash_clientside.set_props(link.dataset.switch, { value: link.dataset.view });
        document.getElementById(link.dataset.switch).scrollIntoView({ block: "nearest" });
    });

    window.dash_clientside = Object.assign({}, window.dash_clientside, { tabs: { hide, ask, onward } });
})();
