/* HTML that the server wrote, put in its place: a part that stands still needs none of the page's machinery. */
(function () {
    "use strict";

    const HELD = "a, button, input, summary, [tabindex]";

    /* Whoever stands on a button of the part with the keyboard stands on the one in its place afterwards. */
    function write(place) {
        const holds = place.contains(document.activeElement);
        const at = holds ? [...place.querySelectorAll(HELD)].indexOf(document.activeElement) : -1;
        place.innerHTML = place.dataset.html;
        const again = at < 0 ? null : place.querySelectorAll(HELD)[at];
        if (again) { again.focus({ preventScroll: true }); }
    }

    function come(node) {
        if (node.nodeType !== Node.ELEMENT_NODE) { return; }
        if (node.dataset.html !== undefined) { write(node); }
        node.querySelectorAll("[data-html]").forEach(write);
    }

    new MutationObserver((changes) => changes.forEach((change) => {
        if (change.type === "attributes") { write(change.target); } else { change.addedNodes.forEach(come); }
    })).observe(document, { subtree: true, childList: true, attributeFilter: ["data-html"] });
})();
