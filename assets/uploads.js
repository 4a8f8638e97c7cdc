/* A file on its way to the server: chosen or dropped, sent in slices, seen, stopped, and sent on after a break. */
(function () {
    "use strict";

    const HEADERS = { "X-Segment-Studio": "1" };
    const WAITS = [500, 1000, 2000, 4000, 8000, 8000];
    const UNREACHABLE = "The server does not answer, so the file could not be sent. Check that it is running and try again.";
    const byId = (id) => document.getElementById(id);
    let current = null;

    class Refused extends Error {
        constructor(sentence, status, more) { super(sentence); this.status = status; this.more = more; }
    }

    class Stopped extends Error {}

    function pause(milliseconds) { return new Promise((resolve) => setTimeout(resolve, milliseconds)); }

    /* XMLHttpRequest rather than fetch: it alone says how much of a slice has gone out. */
    function send(method, address, body, upload, onProgress) {
        return new Promise((resolve, reject) => {
            const call = new XMLHttpRequest();
            call.open(method, address);
            Object.entries(HEADERS).forEach(([name, value]) => call.setRequestHeader(name, value));
            if (typeof body === "string") { call.setRequestHeader("Content-Type", "application/json"); }
            if (onProgress) { call.upload.onprogress = (event) => onProgress(event.loaded); }
            call.onload = () => {
                let answer = {};
                try { answer = JSON.parse(call.responseText); } catch (unreadable) { answer = {}; }
                if (call.status < 400) { resolve(answer); return; }
                reject(new Refused(answer.error || "The server refused the file (" + call.status + ").", call.status, answer));
            };
            call.onerror = () => reject(new Error("broken"));
            call.onabort = () => reject(new Stopped());
            upload.call = call;
            call.send(body === undefined ? null : body);
        });
    }

    /* A refusal is final, but for "this slice belongs elsewhere" and for a server that is in trouble itself. */
    async function patiently(upload, work) {
        for (let attempt = 0; ; attempt += 1) {
            if (upload.stopped) { throw new Stopped(); }
            try { return await work(); } catch (failure) {
                const final = failure instanceof Stopped || (failure instanceof Refused && failure.status < 500 && failure.status !== 409);
                if (final || attempt === WAITS.length) { throw failure; }
                say(upload, "The connection broke; trying again …");
                await pause(WAITS[attempt]);
                if (upload.ticket) { await resync(upload); }
            }
        }
    }

    async function resync(upload) {
        try { upload.offset = (await send("GET", upload.address, undefined, upload)).offset; } catch (failure) {
            if (failure instanceof Refused && failure.status === 404) { throw failure; }
        }
    }

    async function transfer(upload) {
        const file = upload.file;
        const told = JSON.stringify({ name: file.name, size: file.size });
        const begun = await patiently(upload, () => send("POST", "/uploads", told, upload));
        upload.ticket = begun.ticket;
        upload.address = "/uploads/" + begun.ticket;
        upload.offset = begun.offset;
        while (upload.offset < file.size) {
            await patiently(upload, async () => {
                const start = upload.offset;
                if (start >= file.size) { return; }
                const slice = file.slice(start, start + begun.slice);
                const answer = await send("PUT", upload.address + "?offset=" + start, slice, upload, (sent) => show(upload, start + sent));
                upload.offset = answer.offset;
                show(upload, upload.offset);
            });
        }
        say(upload, "Checking …");
        return patiently(upload, () => send("POST", upload.address + "/finish", undefined, upload));
    }

    /* ---- what is seen ---- */

    function size(bytes) {
        const units = ["bytes", "kB", "MB", "GB"];
        let amount = bytes;
        let unit = 0;
        while (amount >= 999.5 && unit < units.length - 1) { amount /= 1000; unit += 1; }
        if (bytes === 1) { return "1 byte"; }
        return (unit === 0 ? String(amount) : amount.toFixed(1)) + " " + units[unit];
    }

    function put(id, text) { const place = byId(id); if (place) { place.textContent = text; } }

    function state(name) { const zone = byId("drop-zone"); if (zone) { zone.dataset.state = name; } }

    function say(upload, text) { if (upload === current) { put("upload-figures", text); } }

    function show(upload, sent) {
        if (upload !== current) { return; }
        const whole = upload.file.size;
        const seconds = (performance.now() - upload.began) / 1000;
        const speed = seconds > 0.3 ? ", " + size(sent / seconds) + "/s" : "";
        const percent = Math.floor((100 * sent) / whole);
        const bar = byId("upload-bar");
        if (bar) { bar.style.width = percent + "%"; }
        const track = byId("upload-track");
        if (track) { track.setAttribute("aria-valuenow", String(percent)); }
        say(upload, size(sent) + " of " + size(whole) + speed);
        const quarter = Math.floor(percent / 25) * 25;
        if (quarter > upload.spoken) { upload.spoken = quarter; put("upload-spoken", quarter + " % sent"); }
    }

    function fail(sentence) {
        put("upload-error", sentence);
        state("failed");
        const again = byId("choose-file");
        if (again) { again.focus(); }
    }

    /* ---- what is done ---- */

    async function start(file) {
        if (!file || current) { return; }
        const upload = { file: file, began: performance.now(), offset: 0, spoken: 0, stopped: false };
        current = upload;
        put("upload-name", file.name);
        put("upload-error", "");
        state("sending");
        show(upload, 0);
        try {
            const finished = await transfer(upload);
            window.dash_clientside.set_props("uploaded", { data: { data: finished.data } });
        } catch (failure) {
            if (failure instanceof Stopped) { forget(upload); state("idle"); put("upload-spoken", "Cancelled"); }
            else { fail(failure instanceof Refused ? failure.message : UNREACHABLE); }
        } finally {
            current = null;
        }
    }

    function forget(upload) {
        if (upload.address) { window.fetch(upload.address, { method: "DELETE", headers: HEADERS, keepalive: true }); }
    }

    function stop() {
        if (!current) { return; }
        current.stopped = true;
        if (current.call) { current.call.abort(); }
    }

    let chooser = null;

    /* The input stands in the page: one that nothing holds can be collected as garbage before its dialog opens. */
    function choose() {
        if (chooser) { chooser.remove(); }
        chooser = document.createElement("input");
        chooser.type = "file";
        chooser.hidden = true;
        chooser.accept = ".csv,.txt,.tsv,.gz,.zip,text/csv,text/plain";
        chooser.addEventListener("change", (event) => start(event.target.files[0]));
        document.body.append(chooser);
        chooser.click();
    }

    document.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (!button) { return; }
        if (button.id === "choose-file") { choose(); }
        if (button.id === "upload-cancel") { stop(); }
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
        if (byId("drop-zone")) { start(event.dataTransfer.files[0]); }
    });
    window.addEventListener("pagehide", () => { if (current) { current.stopped = true; forget(current); } });

    /* ---- where Dash goes then ---- */

    const nothing = () => window.dash_clientside.no_update;

    function openUploaded(uploaded) {
        return uploaded ? "?data=" + encodeURIComponent(uploaded.data) : nothing();
    }

    function openSample(status, pathname, search) {
        const ready = status && status.state === "done" && status.sample && pathname === "/";
        return ready && !new URLSearchParams(search || "").has("data") ? "?data=" + encodeURIComponent(status.data) : nothing();
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { uploads: { openUploaded, openSample } });
})();
