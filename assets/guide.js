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

    /* Whether the guide is open, and whether the hint is hidden. At first nothing is clicked: only the hint may show. */
    function open() {
        const by = (window.dash_clientside.callback_context.triggered[0] || {}).prop_id || "";
        if (!/n_clicks$/.test(by) || !window.dash_clientside.callback_context.triggered[0].value) {
            return [false, seen()];
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
