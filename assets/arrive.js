/* A link to a part of a page: the browser looks for it before Dash has drawn it, so it is sought until it is there. */
(function () {
    "use strict";

    const PATIENCE = 20000;

    function found() {
        const place = document.getElementById(location.hash.slice(1));
        if (!place) { return false; }
        place.setAttribute("tabindex", "-1");
        place.focus({ preventScroll: true });
        place.scrollIntoView({ block: "start" });
        return true;
    }

    function seek() {
        if (location.hash.length < 2 || found()) { return; }
        const watcher = new MutationObserver(() => { if (found()) { watcher.disconnect(); } });
        watcher.observe(document.body, { childList: true, subtree: true });
        setTimeout(() => watcher.disconnect(), PATIENCE);
    }

    window.addEventListener("load", seek);
    window.addEventListener("hashchange", seek);
})();
