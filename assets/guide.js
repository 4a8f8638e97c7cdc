/* The guide: opened by its button, offered once to whoever has not been here before, and searched as one types. */
(function () {
    "use strict";

    const SEEN = "studio-guide-seen";

    function seen() {
        try { return localStorage.getItem(SEEN) !== null; } catch (refused) { return true; }
    }

    function remember() {
        try { localStorage.setItem(SEEN, "yes"); } catch (refused) { /* private window: offered again next time */ }
    }

    /* Whether the guide is open, and whether the hint is hidden. The hint stands on the empty start page only, where it
       covers nothing that leads on. */
    function open(clicks, fromHint, closed, pathname, search) {
        const by = (window.dash_clientside.callback_context.triggered[0] || {}).prop_id || "";
        if (!/n_clicks$/.test(by) || !window.dash_clientside.callback_context.triggered[0].value) {
            return [window.dash_clientside.no_update, seen() || pathname !== "/" || Boolean(search)];
        }
        remember();
        return [!by.startsWith("guide-hint-close"), true];
    }

    function search(typed) {
        const wanted = (typed || "").trim().toLowerCase();
        let found = 0;
        document.querySelectorAll(".guide-term").forEach((entry) => {
            const fits = entry.textContent.toLowerCase().includes(wanted);
            entry.hidden = !fits;
            found += fits ? 1 : 0;
        });
        return found > 0 || !document.querySelector(".guide-term");
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { guide: { open, search } });
})();
