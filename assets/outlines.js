/* An outline drawn with the lasso, as the address carries it: few corners, in the units of the chart's axes. */
(function () {
    "use strict";

    const MOST = 60;
    const FINE = 0.003;
    const DIGITS = 4;

    function axesOf(chart) {
        const { xaxis, yaxis } = document.querySelector("#" + chart + " .js-plotly-plot")._fullLayout;
        return [xaxis, yaxis];
    }

    /* Where a corner stands in the chart, 0 to 1 on either axis, so that a detail counts as it looks. */
    function place(corner, axes) {
        return corner.map((value, side) => axes[side].d2p(value) / axes[side]._length);
    }

    function distance(point, from, to) {
        const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
        const length = dx * dx + dy * dy;
        const along = length ? Math.min(Math.max(((point[0] - from[0]) * dx + (point[1] - from[1]) * dy) / length, 0), 1) : 0;
        return Math.hypot(point[0] - from[0] - along * dx, point[1] - from[1] - along * dy);
    }

    /* Douglas and Peucker (1973): corners nearer than `fine` to the straight line between those that stay go. */
    function kept(points, first, last, fine) {
        let [farthest, most] = [0, fine];
        for (let at = first + 1; at < last; at += 1) {
            const away = distance(points[at], points[first], points[last]);
            if (away > most) { [farthest, most] = [at, away]; }
        }
        if (!farthest) { return [first]; }
        return kept(points, first, farthest, fine).concat(kept(points, farthest, last, fine));
    }

    /* To so many digits of what the chart shows: on a compressed axis of the number itself, else of the whole axis. */
    function rounded(value, axis) {
        const whole = axis.type === "log" ? Math.abs(value) : Math.abs(axis.range[1] - axis.range[0]);
        const decimals = Math.min(Math.max(DIGITS - 1 - Math.floor(Math.log10(whole || 1)), 0), 6);
        return String(Number(value.toFixed(decimals)));
    }

    function written(chart, drawn) {
        const axes = axesOf(chart);
        const corners = drawn.x.map((x, at) => [x, drawn.y[at]]);
        const points = corners.map((corner) => place(corner, axes));
        let left = [];
        for (let fine = FINE; !left.length || left.length > MOST; fine *= 1.5) {
            left = kept(points, 0, points.length - 1, fine).concat(points.length - 1);
        }
        if (left.length < 3) { return ""; }
        return left.map((at) => corners[at].map((value, side) => rounded(value, axes[side])).join("_")).join("~");
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { outlines: { written } });
})();
