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

    /* What the server drew goes straight to its place: as HTML, to a function of the page's own that is named like
       `dots.cover`, or to Dash. */
    function tell(places) {
        Object.entries(places).forEach(([id, [property, value]]) => {
            const [room, name] = property.split(".");
            if (name) {
                window.dash_clientside[room][name](id, value);
            } else if (property === "data-html") {
                document.getElementById(id).dataset.html = value;
            } else {
                window.dash_clientside.set_props(id, { [property]: value });
            }
        });
    }

    new MutationObserver((changes) => {
        changes.forEach(({ target }) => { if (target.dataset.told) { tell(JSON.parse(target.dataset.told)); } });
    }).observe(document, { subtree: true, attributeFilter: ["data-told"] });

    function put(id, data) {
        window.dash_clientside.set_props(id, { data });
    }

    function same(known, values, fields) {
        const plain = (value) => (value === undefined || value === null ? "" : JSON.stringify(value));
        return fields.every((field) => plain(known[field]) === plain(values[field]));
    }

    /* What leads to another view of the same page opens it in place; in a new tab it is a link like any other. */
    document.addEventListener("click", (event) => {
        const link = event.target.closest("a[data-switch]");
        if (!link || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
        event.preventDefault();
        window.dash_clientside.set_props(link.dataset.switch, { value: link.dataset.view });
        document.getElementById(link.dataset.switch).scrollIntoView({ block: "nearest" });
    });

    window.dash_clientside = Object.assign({}, window.dash_clientside, { tabs: { hide, ask } });
})();
