/* Customers in the colours of their segments, painted over a chart of all customers: on the Explore page those that the
   filters leave. Plotly draws everyone once, with axes, tooltips, box and lasso; another filter or other segments cost a
   few milliseconds of painting instead of a new chart. */
(function () {
    "use strict";

    const FILTERED = ["explore-recency", "explore-monetary"];
    const FRAMES = 900;
    const RADIUS = 3;
    const OPACITY = 0.6;
    const OUT = "not in the filter";
    const told = new Map();

    function plotOf(id) {
        const plot = document.querySelector("#" + id + " .js-plotly-plot");
        return plot && plot._fullData && plot._fullData.length && plot._fullLayout.xaxis.d2p ? plot : null;
    }

    function show(dots) {
        if (dots) { FILTERED.forEach((id) => cover(id, dots)); }
        return window.dash_clientside.no_update;
    }

    /* The points of the chart of this id are these from now on. */
    function cover(id, dots) {
        told.set(id, dots);
        appear(id, dots, FRAMES);
    }

    /* A chart that is not drawn yet is waited for. */
    function appear(id, dots, frames) {
        if (dots !== told.get(id)) { return; }
        const plot = plotOf(id);
        if (!plot) {
            if (frames) { requestAnimationFrame(() => appear(id, dots, frames - 1)); }
            return;
        }
        hear(plot, id);
        paint(plot, dots);
        name(plot, dots);
        if ((plot.layout.selections || []).length) { setTimeout(() => forget(plot), 80); }
    }

    /* The box has done its work: it is a filter now, and the chips tell it. */
    function forget(plot) {
        window.Plotly.update(plot, { selectedpoints: [null] }, { selections: [] }, [0]);
    }

    function hear(plot, id) {
        if (plot.dotsHeard) { return; }
        plot.dotsHeard = true;
        plot.on("plotly_afterplot", () => paint(plot, told.get(id)));
        plot.on("plotly_relayouting", () => paint(plot, told.get(id)));
        plot.addEventListener("pointerdown", (event) => {
            if (event.target.closest("[data-title^='Download']")) { catchUp(plot, told.get(id)); }
        }, true);
    }

    /* ---- painting ---- */

    function canvasOf(plot) {
        const there = plot.querySelector("canvas.dots");
        if (there) { return there; }
        const canvas = document.createElement("canvas");
        canvas.className = "dots";
        (plot.querySelector(".gl-container") || plot.querySelector(".main-svg")).after(canvas);
        return canvas;
    }

    /* How far a dot covers each pixel around its middle. */
    function stamp(scale) {
        const reach = Math.ceil(RADIUS * scale);
        const side = 2 * reach + 1;
        const cover = Float32Array.from({ length: side * side }, (_, place) => {
            const away = Math.hypot((place % side) - reach, Math.floor(place / side) - reach);
            return OPACITY * Math.max(0, Math.min(1, RADIUS * scale + 0.25 - away));
        });
        return { reach, side, cover };
    }

    function ink(colour) {
        return [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
    }

    /* Lays a dot over the pixels that are there: thousands of them in the time of a few hundred calls of a canvas. */
    function press(picture, { reach, side, cover }, [red, green, blue], across, down) {
        const { data, width, height } = picture;
        for (let place = 0; place < cover.length; place += 1) {
            const x = across - reach + (place % side);
            const y = down - reach + Math.floor(place / side);
            if (cover[place] > 0 && x >= 0 && y >= 0 && x < width && y < height) {
                const at = 4 * (y * width + x);
                const over = cover[place];
                const under = (data[at + 3] / 255) * (1 - over);
                const both = over + under;
                data[at] = (red * over + data[at] * under) / both;
                data[at + 1] = (green * over + data[at + 1] * under) / both;
                data[at + 2] = (blue * over + data[at + 2] * under) / both;
                data[at + 3] = 255 * both;
            }
        }
    }

    /* Points that Plotly colours by a measure have a scale of colours beside them, and stay as they are. */
    function isOfMeasure(plot) {
        return plot._fullData[0].marker.showscale;
    }

    function paint(plot, dots) {
        const canvas = canvasOf(plot);
        const { width, height } = plot._fullLayout;
        const scale = window.devicePixelRatio || 1;
        plot.classList.toggle("dotted", !isOfMeasure(plot));
        canvas.width = width * scale;
        canvas.height = height * scale;
        canvas.style.width = width + "px";
        canvas.style.height = height + "px";
        canvas.dataset.segments = Object.keys(dots.names).length;
        canvas.dataset.drawn = isOfMeasure(plot) ? 0 : dotted(canvas, plot, dots, scale);
        outline(canvas, plot, dots, scale);
    }

    function dotted(canvas, plot, dots, scale) {
        const { xaxis, yaxis } = plot._fullLayout;
        const { x, y } = plot._fullData[0];
        const pen = canvas.getContext("2d");
        const picture = pen.createImageData(Math.ceil(xaxis._length * scale), Math.ceil(yaxis._length * scale));
        const inks = Object.fromEntries(Object.entries(dots.colours).map(([segment, colour]) => [segment, ink(colour)]));
        const dot = stamp(scale);
        let drawn = 0;
        dots.segments.forEach((segment, place) => {
            if (segment === null) { return; }
            press(picture, dot, inks[segment], Math.round(xaxis.d2p(x[place]) * scale), Math.round(yaxis.d2p(y[place]) * scale));
            drawn += 1;
        });
        pen.putImageData(picture, Math.round(xaxis._offset * scale), Math.round(yaxis._offset * scale));
        return drawn;
    }

    /* The lasso that is a filter now, so that whoever opens the address sees whom it holds. */
    function outline(canvas, plot, dots, scale) {
        const corners = dots.outlines && dots.outlines[plot.closest(".chart").id];
        if (!corners) { return; }
        const { xaxis, yaxis } = plot._fullLayout;
        const pen = canvas.getContext("2d");
        pen.beginPath();
        pen.rect(xaxis._offset * scale, yaxis._offset * scale, xaxis._length * scale, yaxis._length * scale);
        pen.clip();
        pen.beginPath();
        corners.forEach(([x, y]) => {
            pen.lineTo((xaxis._offset + xaxis.d2p(x)) * scale, (yaxis._offset + yaxis.d2p(y)) * scale);
        });
        pen.closePath();
        pen.setLineDash([5 * scale, 4 * scale]);
        pen.lineWidth = 1.5 * scale;
        pen.strokeStyle = getComputedStyle(plot).color;
        pen.stroke();
    }

    /* ---- what a point tells, and a picture to take away ---- */

    function name(plot, dots) {
        const words = plot._fullData[0].hovertext;
        dots.segments.forEach((segment, place) => {
            words[place] = segment === null ? OUT : dots.names[segment];
        });
    }

    /* A picture is made of Plotly's own points, so these take the colours that are shown. */
    function catchUp(plot, dots) {
        if (isOfMeasure(plot)) { return; }
        window.Plotly.restyle(plot, {
            "marker.color": [dots.segments.map((segment) => segment || 0)],
            "marker.opacity": [dots.segments.map((segment) => (segment === null ? 0.03 : OPACITY))],
        }, [0]);
    }

    /* The segment of a point of the Explore page. */
    function segmentAt(place) {
        const dots = told.get(FILTERED[0]);
        return dots && dots.segments[place] !== undefined ? dots.segments[place] : null;
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { dots: { show, cover, segmentAt } });
})();
