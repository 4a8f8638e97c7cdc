/* The views of a page: which one shows, and what the server has to draw for it. */
(function () {
    "use strict";

    function hide(shown, spec) {
        return [!spec.following.includes(shown), ...spec.tabs.map((tab) => tab !== shown)];
    }

    /* Asks for a view that is not open yet, or for an open one that follows the controls and was drawn for others, or
       before the last news. */
    function ask(shown, drawn, news, ...rest) {
        const spec = rest.pop();
        const values = { news };
        spec.fields.forEach((field, position) => { values[field] = rest[position]; });
        const known = (drawn || {})[shown];
        if (known === undefined) {
            put(spec.page + "-open", { tab: shown, values });
        } else if (spec.following.includes(shown) && !same(known, values, ["news", ...spec.fields])) {
            put(spec.page + "-asked-" + shown, values);
        }
        return window.dash_clientside.no_update;
    }

    /* A run beside the page has ended, such as a test of its segments: what follows the controls is drawn before that. */
    function news(status, base) {
        const ended = status && base && status.state === "done";
        const ours = ended && status.data === base.data && status.recipe === base.recipe;
        const later = ended && Boolean(base.later) && status.data === base.later;
        return ours || later ? status.nonce : window.dash_clientside.no_update;
    }

    /* What the server drew goes straight to its place: as HTML, to a function of the page's own that is named like
       `dots.cover`, or to Dash. Charts that nobody sees wait. */
    function tell(places) {
        Object.entries(places).forEach(([id, [property, value]]) => {
            const [room, name] = property.split(".");
            if (name) {
                window.dash_clientside[room][name](id, value);
            } else if (property === "data-html") {
                const { dataset } = document.getElementById(id);
                if (dataset.html !== value) { dataset.html = value; }
            } else if (property === "figure") {
                waiting.set(id, value);
            } else {
                window.dash_clientside.set_props(id, { [property]: value });
            }
        });
        drawSeen();
        later();
    }

    /* ---- a chart takes a while: those in sight are drawn at once, the others one by one when the page has nothing else
       to do, and at the latest when they come near the screen ---- */

    const NEAR = 300;
    const waiting = new Map();

    function draw(id) {
        const figure = waiting.get(id);
        waiting.delete(id);
        if (document.getElementById(id)) { window.dash_clientside.set_props(id, { figure }); }
    }

    function isNear(id) {
        const place = document.getElementById(id);
        const box = place && place.getBoundingClientRect();
        return box && box.height > 0 && box.bottom > -NEAR && box.top < window.innerHeight + NEAR;
    }

    function drawSeen() {
        [...waiting.keys()].filter(isNear).forEach(draw);
    }

    function later() {
        const soon = window.requestIdleCallback || ((then) => setTimeout(then, 50));
        const next = () => { [...waiting.keys()].slice(0, 1).forEach(draw); later(); };
        if (waiting.size) { soon(next, { timeout: 1000 }); }
    }

    ["scroll", "resize"].forEach((kind) => window.addEventListener(kind, drawSeen, { passive: true, capture: true }));

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
        stand(link.dataset.switch, link.dataset.view);
    });

    /* What led to the view goes away with the one before: the keyboard stands on the view's own button of the switch. */
    function stand(id, view) {
        const button = document.querySelector(`#${id} input[value="${view}"]`);
        if (button) { button.focus({ preventScroll: true }); }
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { tabs: { hide, ask, news, stand } });
})();
