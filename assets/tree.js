/* The tree of the segments view: drawn here, cut by a line that a mouse, a finger or the keyboard moves. */
(function () {
    "use strict";

    const WIDTH = 1000, HEIGHT = 280, TOP = 12, FOOT = 236, BARS = 40;
    const SVG = "http://www.w3.org/2000/svg";
    const SETTLE = 120;
    const NOTE = "model-tree-note", CAPTION = "model-tree-caption";
    let waiting = null;
    let known = null;

    function part(name, attributes, inside) {
        const made = document.createElementNS(SVG, name);
        Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
        if (inside) { const title = document.createElementNS(SVG, "title"); title.textContent = inside; made.appendChild(title); }
        return made;
    }

    const highest = (tree) => Math.max(...tree.links.map((link) => link.height), 1e-9);
    const across = (tree, place) => ((place + 0.5) / tree.leaves.length) * WIDTH;
    const up = (tree, height) => FOOT - (FOOT - TOP) * Math.sqrt(Math.max(height, 0) / highest(tree));
    const heightAt = (tree, y) => highest(tree) * Math.pow(Math.max(0, Math.min(1, (FOOT - y) / (FOOT - TOP))), 2);
    const numbers = (tree) => Object.keys(tree.cuts).map(Number).sort((one, other) => one - other);

    /* The number of segments that a cut at this height leaves, within those that were computed. */
    function cutInto(tree, height) {
        const left = 1 + tree.links.filter((link) => link.height > height).length;
        const known = numbers(tree);
        return Math.min(Math.max(left, known[0]), known[known.length - 1]);
    }

    function colour(tree, leaf, k) {
        const segment = leaf.segments[k];
        return segment === undefined ? "currentColor" : tree.colours[segment % tree.colours.length];
    }

    function branches(tree, k) {
        return tree.links.map((link) => {
            const y = up(tree, link.height);
            const way = ["M", across(tree, link.left), up(tree, link.from_left), "V", y, "H", across(tree, link.right), "V", up(tree, link.from_right)];
            const below = link.height <= tree.cuts[k];
            const stroke = below ? colour(tree, tree.leaves[Math.floor(link.left)], k) : "currentColor";
            return part("path", { d: way.join(" "), stroke, class: below ? "branch" : "branch trunk" });
        });
    }

    function bars(tree, k) {
        const largest = Math.max(...tree.leaves.map((leaf) => leaf.size));
        const width = Math.min(24, (0.7 * WIDTH) / tree.leaves.length);
        return tree.leaves.map((leaf, place) => part("rect", {
            x: across(tree, place) - width / 2, y: FOOT + 3, width, height: Math.max(1.5, (BARS * leaf.size) / largest),
            fill: colour(tree, leaf, k),
        }, leaf.size.toLocaleString("en-GB") + (leaf.size === 1 ? " customer" : " customers")));
    }

    function line(y) {
        return [
            part("line", { x1: 0, x2: WIDTH, y1: y, y2: y, class: "cut" }),
            part("line", { x1: 0, x2: WIDTH, y1: y, y2: y, class: "cut-grip" }),
        ];
    }

    function paint(place, k, y) {
        const { tree, svg, range } = place.studioTree;
        const at = y === undefined ? up(tree, tree.cuts[k]) : y;
        svg.replaceChildren(...branches(tree, k), ...bars(tree, k), ...line(at));
        place.studioTree.k = k;
        range.value = k;
        range.setAttribute("aria-valuetext", k + " segments");
    }

    /* The page's own control is set once the hand rests a moment, so that nothing is drawn on the way. */
    function choose(place, k) {
        clearTimeout(waiting);
        waiting = setTimeout(() => window.dash_clientside.set_props(place.studioTree.tree.control, { value: k }), SETTLE);
    }

    function drag(place, event) {
        const box = place.studioTree.svg.getBoundingClientRect();
        const y = Math.max(TOP, Math.min(FOOT, ((event.clientY - box.top) / box.height) * HEIGHT));
        const { tree, k } = place.studioTree;
        const next = cutInto(tree, heightAt(tree, y));
        paint(place, next, y);
        if (next !== k) { choose(place, next); }
    }

    function listen(place, svg, range) {
        svg.addEventListener("pointerdown", (event) => {
            svg.setPointerCapture(event.pointerId);
            place.studioTree.dragged = true;
            event.preventDefault();
            drag(place, event);
        });
        svg.addEventListener("pointermove", (event) => { if (place.studioTree.dragged) { drag(place, event); } });
        const rest = () => { place.studioTree.dragged = false; paint(place, place.studioTree.k); };
        svg.addEventListener("pointerup", rest);
        svg.addEventListener("pointercancel", rest);
        range.addEventListener("input", () => { paint(place, Number(range.value)); choose(place, Number(range.value)); });
    }

    function build(place, tree) {
        const svg = part("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
        const range = document.createElement("input");
        const [least, ...more] = numbers(tree);
        Object.assign(range, { type: "range", min: least, max: more.length ? more[more.length - 1] : least, step: 1, className: "form-range" });
        range.setAttribute("aria-label", "Segments that the tree is cut into");
        place.studioTree = { tree, svg, range, k: null, dragged: false };
        place.replaceChildren(svg, range);
        listen(place, svg, range);
    }

    function show(shown, tree) {
        const place = document.getElementById("model-tree-drawing");
        if (!place) { return; }
        const cut = shown.k !== null && tree.cuts[shown.k] !== undefined;
        [place, document.getElementById(CAPTION)].forEach((part) => { part.hidden = !cut; });
        if (!cut) { return; }
        if (!place.studioTree || place.studioTree.tree !== tree) { build(place, tree); }
        if (!place.studioTree.dragged) { paint(place, shown.k); }
    }

    /* Called when the card comes, with the k that is shown, none under another method, and the tree. */
    function draw(shown, tree) {
        if (!shown || !tree) { return window.dash_clientside.no_update; }
        known = tree;
        requestAnimationFrame(() => requestAnimationFrame(() => show(shown, tree)));
        return said(shown);
    }

    /* Another k or method. */
    function follow(id, shown) {
        if (!known) { return; }
        show(shown, known);
        const words = said(shown);
        if (document.getElementById(NOTE).textContent !== words) { window.dash_clientside.set_props(NOTE, { children: words }); }
    }

    /* What the line does. */
    function said(shown) {
        if (shown.k === null) { return "The tree belongs to the method " + shown.title + ": choose it above to cut the tree here."; }
        return "The line cuts the tree into " + shown.k + " segments. Drag it up or down, or move the slider with the arrow keys.";
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { tree: { draw, follow } });
})();
