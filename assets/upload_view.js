/* What is seen and heard of an upload on the Data page, and the ways to begin one: a button, the keyboard, a drop. */
(function () {
    "use strict";

    const WINDOW = 4000;
    const STATES = { looking: "sending", sending: "sending", checking: "sending", arrived: "sending", stalled: "stalled", failed: "failed" };
    const studio = window.studioUploads = window.studioUploads || {};
    const byId = (id) => document.getElementById(id);
    let shown = null;
    let asked = false;

    /* ---- words ---- */

    function size(bytes) {
        const units = ["bytes", "kB", "MB", "GB"];
        let amount = bytes;
        let unit = 0;
        while (amount >= 999.5 && unit < units.length - 1) { amount /= 1000; unit += 1; }
        if (bytes === 1) { return "1 byte"; }
        return (unit === 0 ? String(amount) : amount.toFixed(1)) + " " + units[unit];
    }

    function part(some, whole) {
        const [few, unit] = size(some).split(" ");
        const all = size(whole);
        return (all.endsWith(" " + unit) ? few : few + " " + unit) + " of " + all;
    }

    function duration(seconds) {
        if (seconds < 60) { return Math.max(1, Math.round(seconds)) + " s"; }
        return seconds < 3600 ? Math.round(seconds / 60) + " min" : (seconds / 3600).toFixed(1) + " h";
    }

    function files(count) { return count === 1 ? "1 file" : count + " files"; }

    /* ---- one drawing a frame, of whatever stands then ---- */

    function draw(batch) {
        shown = batch;
        if (asked) { return; }
        asked = true;
        requestAnimationFrame(() => { asked = false; paint(shown); });
    }

    function put(id, text) { const place = byId(id); if (place && place.textContent !== text) { place.textContent = text; } }

    function fill(place, share) {
        const percent = Math.floor(100 * share);
        place.firstElementChild.style.width = percent + "%";
        place.setAttribute("aria-valuenow", String(percent));
        return percent;
    }

    function paint(batch) {
        const zone = byId("drop-zone");
        if (!zone) { return; }
        const state = (batch && STATES[batch.state]) || "idle";
        const turned = zone.dataset.state !== state;
        zone.dataset.state = state;
        if (state === "idle") { if (turned && batch) { put("upload-spoken", "Cancelled"); offer(); } return; }
        paintErrors(batch, turned);
        if (state !== "failed") { paintSending(batch); }
        if (turned && state !== "sending") { (state === "failed" ? byId("choose-file") : firstButton(zone)).focus(); }
    }

    function firstButton(zone) { return Array.from(zone.querySelectorAll(".drop-sending button")).find((button) => !button.hidden); }

    function paintErrors(batch, turned) {
        const sentences = batch.items.filter((item) => item.error).map((item) => item.error);
        const place = byId("upload-error");
        if (!turned && place.childElementCount === sentences.length) { return; }
        place.replaceChildren(...sentences.map((sentence) => Object.assign(document.createElement("p"), { textContent: sentence })));
    }

    function paintSending(batch) {
        const going = batch.items.filter((item) => item.state !== "failed" || item.again);
        const whole = going.reduce((sum, item) => sum + item.size, 0);
        const sent = going.reduce((sum, item) => sum + item.shown, 0);
        const arrived = batch.items.filter((item) => item.state === "sent").length;
        const stalled = batch.state === "stalled";
        put("upload-name", batch.items.length === 1 ? batch.items[0].name : stalled ? arrived + " of " + files(batch.items.length) + " arrived" : "Sending " + files(batch.items.length));
        const percent = fill(byId("upload-track"), whole ? sent / whole : 0);
        put("upload-figures", figures(batch, sent, whole));
        put("upload-line", batch.items.length === 1 ? batch.items[0].line || "" : "");
        paintRows(batch);
        const goOn = byId("upload-go-on");
        goOn.hidden = !(stalled && arrived);
        goOn.textContent = "Go on with the " + (arrived === 1 ? "file" : files(arrived)) + " that arrived";
        byId("upload-again").hidden = !(stalled && batch.items.some((item) => item.again));
        speak(batch, percent);
    }

    function figures(batch, sent, whole) {
        if (batch.note) { return batch.note; }
        if (batch.state === "checking" || batch.state === "arrived") { return "Arrived. Opening …"; }
        if (batch.state === "stalled") { return part(sent, whole); }
        const rate = speed(batch, sent);
        const left = rate ? ", " + size(rate) + "/s, about " + duration((whole - sent) / rate) + " left" : "";
        const resumed = batch.items.some((item) => item.resumed) && !rate ? ", going on from where it stood" : "";
        return part(sent, whole) + left + resumed;
    }

    /* Bytes a second over the last seconds, or 0 where it is too early to say. */
    function speed(batch, sent) {
        const now = performance.now();
        const seen = batch.seen = (batch.seen || []).filter(([moment]) => now - moment < WINDOW);
        seen.push([now, sent]);
        const [since, before] = seen[0];
        return now - since > 500 ? ((sent - before) / (now - since)) * 1000 : 0;
    }

    function paintRows(batch) {
        const list = byId("upload-list");
        const many = batch.items.length > 1;
        list.hidden = !many;
        const rows = many ? batch.items : [];
        while (list.childElementCount > rows.length) { list.lastElementChild.remove(); }
        while (list.childElementCount < rows.length) { list.append(row()); }
        rows.forEach((item, position) => paintRow(list.children[position], item));
    }

    function row() {
        const entry = document.createElement("li");
        entry.innerHTML = '<span class="upload-file"></span><span class="upload-word num"></span>' +
            '<div class="run-track" role="progressbar" aria-valuemin="0" aria-valuemax="100"><div class="run-bar"></div></div>';
        return entry;
    }

    function paintRow(entry, item) {
        const words = { waiting: size(item.size), sending: part(item.shown, item.size), sent: "sent", failed: "not sent" };
        entry.dataset.state = item.state;
        entry.children[0].textContent = item.name;
        entry.children[0].title = item.line || item.name;
        entry.children[1].textContent = words[item.state];
        entry.children[2].setAttribute("aria-label", item.name);
        fill(entry.children[2], item.state === "sent" ? 1 : item.size ? item.shown / item.size : 0);
    }

    function speak(batch, percent) {
        const quarter = Math.floor(percent / 25) * 25;
        if (batch.spoken === quarter || batch.state !== "sending") { return; }
        batch.spoken = quarter;
        put("upload-spoken", quarter ? quarter + " % sent" : "Sending " + (batch.items.length === 1 ? batch.items[0].name : files(batch.items.length)));
    }

    /* ---- what was half sent before is offered ---- */

    async function offer() {
        const halves = await studio.halfSent();
        const list = byId("upload-halves");
        if (list) { list.replaceChildren(...halves.map(half)); }
    }

    function half(begun) {
        const entry = document.createElement("li");
        const whole = begun.offset === begun.size;
        const told = begun.name + (whole ? " was sent (" + size(begun.size) + ") but not opened" : " was half sent (" + part(begun.offset, begun.size) + ")") + ": choose it again to go on.";
        const choose = Object.assign(document.createElement("button"), { className: "btn btn-sm btn-outline-primary", textContent: "Choose it" });
        const forget = Object.assign(document.createElement("button"), { className: "btn btn-sm btn-link", textContent: "Forget it" });
        choose.setAttribute("aria-label", "Choose " + begun.name + " again");
        forget.setAttribute("aria-label", "Forget " + begun.name);
        choose.addEventListener("click", pick);
        forget.addEventListener("click", async () => { await studio.forgetHalf(begun); entry.remove(); byId("choose-file").focus(); });
        entry.append(Object.assign(document.createElement("span"), { textContent: told }), choose, forget);
        return entry;
    }

    /* ---- ways to begin ---- */

    let chooser = null;

    /* The input stands in the page: one that nothing holds can be collected as garbage before its dialog opens. It takes
       any name: what a file is, its contents say. */
    function pick() {
        if (chooser) { chooser.remove(); }
        chooser = Object.assign(document.createElement("input"), { type: "file", multiple: true, hidden: true });
        chooser.addEventListener("change", (event) => begin(event.target.files));
        document.body.append(chooser);
        chooser.click();
    }

    function begin(chosen) {
        const zone = byId("drop-zone");
        if (zone) { studio.start(Array.from(chosen), zone.dataset.onto); }
    }

    const BUTTONS = { "choose-file": pick, "upload-cancel": () => studio.cancel(), "upload-go-on": () => studio.goOn(), "upload-again": () => studio.again() };

    document.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button && Object.hasOwn(BUTTONS, button.id)) { BUTTONS[button.id](); }
    });

    function hover(on) { const zone = byId("drop-zone"); if (zone) { zone.classList.toggle("drop-over", on); } }

    document.addEventListener("dragover", (event) => {
        if (!event.dataTransfer || !Array.from(event.dataTransfer.types).includes("Files")) { return; }
        event.preventDefault();
        hover(true);
    });
    document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) { hover(false); } });
    document.addEventListener("drop", (event) => {
        if (!event.dataTransfer || !event.dataTransfer.files.length) { return; }
        event.preventDefault();
        hover(false);
        begin(event.dataTransfer.files);
    });

    /* ---- where Dash goes then ---- */

    const nothing = () => window.dash_clientside.no_update;

    function arrived(data) { if (byId("drop-zone")) { window.dash_clientside.set_props("uploaded", { data: { data: data } }); } }

    /* The landing page has been drawn: an upload goes on there, and what was half sent is offered. */
    function shownAgain() {
        if (studio.current()) { draw(studio.current()); }
        offer();
        return nothing();
    }

    /* The page and its query: the file itself, or the segments that asked for a later file. */
    function openUploaded(uploaded) {
        if (!uploaded) { return [nothing(), nothing()]; }
        const asked = new URLSearchParams(location.search);
        if (!asked.has("later_of")) { return [nothing(), "?data=" + encodeURIComponent(uploaded.data)]; }
        asked.set("data", asked.get("later_of"));
        asked.delete("later_of");
        asked.set("view", "newdata");
        asked.set("later", uploaded.data);
        return ["/model", "?" + asked];
    }

    function openSample(status, pathname, search) {
        const ready = status && status.state === "done" && status.sample && pathname === "/";
        return ready && !new URLSearchParams(search || "").has("data") ? "?data=" + encodeURIComponent(status.data) : nothing();
    }

    Object.assign(studio, { draw, arrived });
    window.dash_clientside = Object.assign({}, window.dash_clientside, { uploads: { openUploaded, openSample, shownAgain } });
})();
