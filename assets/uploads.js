/* Files on their way to the server: sent in slices one after the other, stopped, and sent on after a break or a reload. */
(function () {
    "use strict";

    const HEADERS = { "X-Segment-Studio": "1" };
    const WAITS = [500, 1000, 2000, 4000, 8000, 8000];
    const PASSING = [409, 500, 502, 503, 504];
    const FULL = 507;
    const BEGUN = "studio-uploads";
    const UNREACHABLE = "The server does not answer, so the file could not be sent. Check that it is running and try again.";
    const studio = window.studioUploads = window.studioUploads || {};
    let batch = null;

    class Refused extends Error {
        constructor(sentence, status) { super(sentence); this.status = status; }
    }

    class Stopped extends Error {}

    function pause(milliseconds) { return new Promise((resolve) => setTimeout(resolve, milliseconds)); }

    /* XMLHttpRequest rather than fetch: it alone says how much of a slice has gone out. */
    function send(here, method, address, body, onProgress) {
        return new Promise((resolve, reject) => {
            const call = here.call = new XMLHttpRequest();
            call.open(method, address);
            Object.entries(HEADERS).forEach(([name, value]) => call.setRequestHeader(name, value));
            if (typeof body === "string") { call.setRequestHeader("Content-Type", "application/json"); }
            if (onProgress) { call.upload.onprogress = (event) => onProgress(event.loaded); }
            call.onload = () => {
                let answer = {};
                try { answer = JSON.parse(call.responseText); } catch (unreadable) { answer = {}; }
                if (call.status < 400) { resolve(answer); return; }
                reject(new Refused(answer.error || "The server refused the file (" + call.status + ").", call.status));
            };
            call.onerror = () => reject(new Error("broken"));
            call.onabort = () => reject(new Stopped());
            call.send(body === undefined ? null : body);
        });
    }

    /* A refusal is final, but for "this slice belongs elsewhere" and for a server that is in trouble itself. */
    function isFinal(failure) {
        return failure instanceof Stopped || (failure instanceof Refused && !PASSING.includes(failure.status));
    }

    async function patiently(here, work, again) {
        for (let attempt = 0; ; attempt += 1) {
            if (here.stopped) { throw new Stopped(); }
            try { return await work(); } catch (failure) {
                if (isFinal(failure) || attempt === WAITS.length) { throw failure; }
                here.note = "The connection broke; trying again …";
                studio.draw(here);
                await pause(WAITS[attempt]);
                if (again) { await again(); }
            }
        }
    }

    /* ---- what was begun is remembered, so that it can go on after a reload ---- */

    function key(file) { return [file.name, file.size, file.lastModified].join("|"); }

    function begun() { try { return JSON.parse(localStorage.getItem(BEGUN)) || {}; } catch (unreadable) { return {}; } }

    function remember(name, entry) {
        const known = begun();
        if (entry) { known[name] = entry; } else { delete known[name]; }
        try { localStorage.setItem(BEGUN, JSON.stringify(known)); } catch (full) { /* then it cannot go on after a reload */ }
    }

    /* What the server still has of the files that were begun before, the largest first. */
    async function halfSent() {
        const names = Object.entries(begun()).filter(([name]) => !batch || !batch.items.some((item) => item.key === name));
        if (!names.length) { return []; }
        const asked = new URLSearchParams(names.map(([, entry]) => ["ticket", entry.ticket]));
        const answer = await window.fetch("/uploads?" + asked, { headers: HEADERS }).catch(() => null);
        if (!answer || !answer.ok) { return []; }
        const here = new Map((await answer.json()).files.map((file) => [file.ticket, file]));
        names.forEach(([name, entry]) => { if (!here.has(entry.ticket)) { remember(name, null); } });
        const found = names.filter(([, entry]) => here.has(entry.ticket)).map(([name, entry]) => ({ key: name, ...here.get(entry.ticket) }));
        return found.sort((one, other) => other.offset - one.offset);
    }

    function drop(ticket) {
        return window.fetch("/uploads/" + ticket, { method: "DELETE", headers: HEADERS, keepalive: true }).catch(() => null);
    }

    async function forgetHalf(half) {
        remember(half.key, null);
        await drop(half.ticket);
    }

    /* ---- the way of one file, and of all together ---- */

    async function transfer(here, item) {
        const address = "/uploads/" + item.ticket;
        const resync = async () => {
            try { item.sent = (await send(here, "GET", address)).offset; } catch (failure) {
                if (failure instanceof Stopped || (failure instanceof Refused && failure.status === 404)) { throw failure; }
            }
        };
        while (item.sent < item.size) {
            await patiently(here, async () => {
                const start = item.sent;
                if (start >= item.size) { return; }
                const slice = item.file.slice(start, start + here.slice);
                const answer = await send(here, "PUT", address + "?offset=" + start, slice, (out) => progress(here, item, start + out));
                item.sent = answer.offset;
                progress(here, item, answer.offset);
            }, resync);
        }
    }

    async function sendOne(here, item) {
        item.state = "sending";
        studio.draw(here);
        try {
            await transfer(here, item);
            item.state = "sent";
        } catch (failure) {
            if (failure instanceof Stopped) { throw failure; }
            fail(item, failure);
        }
        studio.draw(here);
    }

    function fail(item, failure) {
        const refused = failure instanceof Refused;
        item.state = "failed";
        item.error = refused ? failure.message : UNREACHABLE;
        item.again = !refused || failure.status === FULL || PASSING.includes(failure.status);
    }

    async function announce(here, items) {
        const known = begun();
        const files = items.map((item) => ({ name: item.name, size: item.size, ticket: (known[item.key] || {}).ticket }));
        const answer = await patiently(here, () => send(here, "POST", "/uploads", JSON.stringify({ files: files })));
        here.slice = answer.slice;
        answer.files.forEach((told, position) => {
            const item = items[position];
            if (told.error) { Object.assign(item, { state: "failed", error: told.error, again: false }); return; }
            Object.assign(item, { ticket: told.ticket, sent: told.offset, shown: told.offset, resumed: told.offset });
            remember(item.key, { ticket: told.ticket, name: item.name });
        });
    }

    async function sendAll(here) {
        const waiting = here.items.filter((item) => item.state === "waiting");
        here.state = "sending";
        studio.draw(here);
        try {
            if (waiting.some((item) => !item.ticket)) { await announce(here, waiting); }
            for (const item of waiting) { if (item.state === "waiting") { await sendOne(here, item); } }
            if (here.items.every((item) => item.state === "sent")) { await finish(here); } else { stall(here); }
        } catch (failure) {
            if (failure instanceof Stopped) { return; }
            here.items.forEach((item) => { if (item.state !== "failed") { fail(item, failure); } });
            stall(here);
        }
    }

    async function finish(here) {
        const sent = here.items.filter((item) => item.state === "sent");
        here.state = "checking";
        studio.draw(here);
        const told = JSON.stringify({ tickets: sent.map((item) => item.ticket), onto: here.onto });
        const finished = await patiently(here, () => send(here, "POST", "/uploads/finish", told));
        here.items.forEach((item) => remember(item.key, null));
        here.state = "arrived";
        batch = null;
        studio.draw(here);
        studio.arrived(finished.data);
    }

    /* Some files did not arrive: what becomes of the others is for the person to say, unless there are none. */
    function stall(here) {
        const hope = here.items.some((item) => item.state === "sent" || item.again);
        here.state = hope ? "stalled" : "failed";
        if (!hope) { batch = null; }
        studio.draw(here);
    }

    /* ---- what a person asks for ---- */

    async function start(files, onto) {
        if (!files.length || batch) { return; }
        const here = batch = { items: [], state: "looking", onto: onto || null, stopped: false, note: null };
        for (const file of files) {
            const look = await studio.firstLook(file);
            const item = { file: file, key: key(file), name: file.name, size: file.size, sent: 0, shown: 0, resumed: 0, line: look.line };
            Object.assign(item, { state: look.problem ? "failed" : "waiting", error: look.problem, again: false });
            here.items.push(item);
        }
        if (here.items.some((item) => item.state === "waiting")) { await sendAll(here); } else { stall(here); }
    }

    function goOn() {
        const here = batch;
        if (!here || here.state !== "stalled") { return; }
        here.items = here.items.filter((item) => item.state === "sent");
        sendAll(here);
    }

    function again() {
        const here = batch;
        if (!here || here.state !== "stalled") { return; }
        here.items.filter((item) => item.again).forEach((item) => Object.assign(item, { state: "waiting", error: null, again: false }));
        sendAll(here);
    }

    function cancel() {
        const here = batch;
        if (!here) { return; }
        batch = null;
        here.stopped = true;
        here.state = "cancelled";
        if (here.call) { here.call.abort(); }
        here.items.forEach((item) => { remember(item.key, null); if (item.ticket) { drop(item.ticket); } });
        studio.draw(here);
    }

    function progress(here, item, shown) {
        item.shown = shown;
        here.note = null;
        studio.draw(here);
    }

    /* The page is left: what is here stays, to go on with. */
    window.addEventListener("pagehide", () => {
        if (batch) { batch.stopped = true; if (batch.call) { batch.call.abort(); } }
    });

    Object.assign(studio, { start, goOn, again, cancel, halfSent, forgetHalf, current: () => batch });
})();
