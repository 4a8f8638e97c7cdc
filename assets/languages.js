/* How numbers are written: the reader's own choice is kept for a year, and the page is drawn anew in it. */
(function () {
    "use strict";

    const COOKIE = "studio-numbers";
    const KEPT_SECONDS = 365 * 24 * 3600;
    const NOTHING = () => window.dash_clientside.no_update;

    function kept() {
        const found = document.cookie.split("; ").find((each) => each.startsWith(COOKIE + "="));
        return found ? decodeURIComponent(found.slice(COOKIE.length + 1)) : "";
    }

    function choose(chosen) {
        const changed = (window.dash_clientside.callback_context.triggered[0] || {}).prop_id === "numbers-language.value";
        if (!changed || chosen === kept()) { return kept(); }
        const age = chosen ? KEPT_SECONDS : 0;
        document.cookie = COOKIE + "=" + encodeURIComponent(chosen) + "; path=/; samesite=lax; max-age=" + age;
        location.reload();
        return NOTHING();
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { languages: { choose } });
})();
