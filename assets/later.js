/* Parts of a page that are drawn when they come into view, the first on the screen first. Each is asked for once. */
(function () {
    "use strict";

    const NEAR = "400px 0px";
    const watcher = new IntersectionObserver(come, { rootMargin: NEAR, threshold: 0.01 });

    function come(entries) {
        entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => {
            watcher.unobserve(target);
            const { part } = JSON.parse(target.id);
            window.dash_clientside.set_props({ part, type: "later-asked" }, { data: part });
        });
    }

    /* Called with the ids of all places whenever some came or went; they may not be on the page yet. */
    function watch() {
        requestAnimationFrame(() => requestAnimationFrame(() => {
            document.querySelectorAll(".later:not([data-watched])").forEach((place) => {
                place.dataset.watched = "yes";
                watcher.observe(place);
            });
        }));
        return window.dash_clientside.no_update;
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { later: { watch } });
})();
