/* The customers that the filters leave, painted over a chart of all customers. Plotly draws everyone once, with axes,
   tooltips, box and lasso; another filter or other segments cost a few milliseconds of painting instead of a new chart. */
(function () {
    "use strict";

    const CHARTS = ["explore-recency", "explore-monetary"];
    const FRAMES = 900;
    const RADIUS = 3;
    const OPACITY = 0.6;
    const OUT = "not in the filter";
    let told = null;

    function plotOf(id) {
        const plot = document.querySelector("#" + id + " .js-plotly-plot");
        return plot && plot._fullData && plot._fullData.length && plot._fullLayout.xaxis.d2p ? plot : null;
    }

    function show(dots) {
        told = dots || told;
        if (dots) { CHARTS.forEach((id) => appear(id, dots, FRAMES)); }
        return window.dash_clientside.no_update;
    }

    /* A chart that is not drawn yet is waited for. */
    function appear(id, dots, frames) {
        if (dots !== told) { return; }
        const plot = plotOf(id);
        if (!plot) {
            if (frames) { requestAnimationFrame(() => appear(id, dots, frames - 1)); }
            return;
        }
        paint(plot);
        name(plot);
        if ((plot.layout.selections || []).length) { setTimeout(() => forget(plot), 80); }
    }

    /* The box has done its work: it is a filter now, and the chips tell it. */
    function forget(plot) {
        window.Plotly.update(plot, { selectedpoints: [null] }, { selections: [] }, [0]);
    }

    /* ---- painting ---- */

    function canvasOf(plot) {
        const there = plot.querySelector("canvas.dots");
        if (there) { return there; }
        const canvas = document.createElement("canvas");
        canvas.className = "dots";
        (plot.querySelector(".gl-container") || plot.querySelector(".main-svg")).after(canvas);
        plot.classList.add("dotted");
        if (!plot.dotsHeard) {
            plot.dotsHeard = true;
            plot.on("plotly_afterplot", () => paint(plot));
            plot.on("plotly_relayouting", () => paint(plot));
            plot.addEventListener("pointerdown", (event) => {
                if (event.target.closest("[data-title^='Download']")) { catchUp(plot); }
            }, true);
        }
        return canvas;
    }

    function sprite(colour, scale) {
        const side = Math.ceil(2 * (RADIUS + 1) * scale);
        const drawn = document.createElement("canvas");
        drawn.width = drawn.height = side;
        const pen = drawn.getContext("2d");
        pen.globalAlpha = OPACITY;
        pen.fillStyle = colour;
        pen.arc(side / 2, side / 2, RADIUS * scale, 0, 2 * Math.PI);
        pen.fill();
        return drawn;
    }

    function paint(plot) {
        if (!told) { return; }
        const canvas = canvasOf(plot);
        const { width, height, xaxis, yaxis } = plot._fullLayout;
        const scale = window.devicePixelRatio || 1;
        canvas.width = width * scale;
        canvas.height = height * scale;
        canvas.style.width = width + "px";
        canvas.style.height = height + "px";
        const pen = canvas.getContext("2d");
        pen.beginPath();
        pen.rect(xaxis._offset * scale, yaxis._offset * scale, xaxis._length * scale, yaxis._length * scale);
        pen.clip();
        canvas.dataset.drawn = dotted(pen, plot, scale);
        outline(pen, plot, scale);
    }

    function dotted(pen, plot, scale) {
        const { xaxis, yaxis } = plot._fullLayout;
        const { x, y } = plot._fullData[0];
        const sprites = {};
        Object.entries(told.colours).forEach(([segment, colour]) => { sprites[segment] = sprite(colour, scale); });
        let drawn = 0;
        told.segments.forEach((segment, place) => {
            if (segment === null) { return; }
            const one = sprites[segment];
            const left = (xaxis._offset + xaxis.d2p(x[place])) * scale - one.width / 2;
            const top = (yaxis._offset + yaxis.d2p(y[place])) * scale - one.width / 2;
            pen.drawImage(one, left, top);
            drawn += 1;
        });
        return drawn;
    }

    /* The lasso that is a filter now, so that whoever opens the address sees whom it holds. */
    function outline(pen, plot, scale) {
        const corners = told.outlines[plot.closest(".chart").id];
        if (!corners) { return; }
        const { xaxis, yaxis } = plot._fullLayout;
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

    function name(plot) {
        const words = plot._fullData[0].hovertext;
        told.segments.forEach((segment, place) => {
            words[place] = segment === null ? OUT : told.names[segment];
        });
    }

    /* A picture is made of Plotly's own points, so these take the colours that are shown. */
    function catchUp(plot) {
        window.Plotly.restyle(plot, {
            "marker.color": [told.segments.map((segment) => segment || 0)],
            "marker.opacity": [told.segments.map((segment) => (segment === null ? 0.03 : OPACITY))],
        }, [0]);
    }

    /* The segment of a point. */
    function segmentAt(place) {
        return told && told.segments[place] !== undefined ? told.segments[place] : null;
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { dots: { show, segmentAt } });
})();
