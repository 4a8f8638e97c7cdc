/* HTML that the server wrote, put in its place: a part that stands still needs none of the page's machinery. */
(function () {
    "use strict";

    const HELD = "a, button, input, summary, [tabindex]";

    /* Whoever stands on a button of the part with the keyboard stands afterwards on the one that does the same, or else
       on the one in its place, or where none is left on the part itself. */
    function write(place) {
        const before = document.activeElement;
        const at = place.contains(before) ? [...place.querySelectorAll(HELD)].indexOf(before) : -1;
        place.innerHTML = place.dataset.html;
        if (at < 0) { return; }
        const now = [...place.querySelectorAll(HELD)];
        const twin = before.dataset.set && now.find((each) => each.dataset.set === before.dataset.set);
        stand(twin || now[Math.min(at, now.length - 1)] || place);
    }

    /* The keyboard stands on this, which need not be a control. */
    function stand(place) {
        if (!place.matches(HELD)) { place.tabIndex = -1; }
        place.focus({ preventScroll: true });
    }

    function come(node) {
        if (node.nodeType !== Node.ELEMENT_NODE) { return; }
        if (node.dataset.html !== undefined) { write(node); }
        node.querySelectorAll("[data-html]").forEach(write);
    }

    new MutationObserver((changes) => changes.forEach((change) => {
        if (change.type === "attributes") { write(change.target); } else { change.addedNodes.forEach(come); }
    })).observe(document, { subtree: true, childList: true, attributeFilter: ["data-html"] });

    window.dash_clientside = Object.assign({}, window.dash_clientside, { markup: { stand } });
})();
