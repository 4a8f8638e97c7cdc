/* The shell's part in the browser: runs that survive a reload and a lost answer, the theme, the page's address. */
(function () {
    "use strict";

    const PENDING = "studio-run";
    const ENDED = ["done", "failed", "cancelled"];
    const RUN_WAITS = [250, 500, ...Array(120).fill(1000)];
    const ASK_WAITS = [300, 900, 1800];
    const SILENCE = 2000;
    const POLL_PATIENCE = 15000;
    const OUTAGE_WAIT = 3000;
    const NO_ANSWER = "The server does not answer; trying again …";
    const LOST = "The connection to the server was lost while the run was under way. Try again: finished stages are kept.";
    const NOTHING = () => window.dash_clientside.no_update;

    /* ---- a run is remembered until it has ended: over a reload, and so that asking twice does not start it twice ---- */

    const asked = new Map();
    const running = { job: null, since: null, timer: null };

    function name(request) {
        return [request.data, request.recipe || "", request.until].join("/");
    }

    function kept() {
        try { return JSON.parse(sessionStorage.getItem(PENDING)); } catch (unreadable) { return null; }
    }

    function nonce() {
        const words = crypto.getRandomValues(new Uint32Array(3));
        return Array.from(words, (word) => word.toString(16)).join("");
    }

    function wanted(request) {
        return Object.assign({}, request, { running: running.job ? running.job.nonce : null });
    }

    function ask(request) {
        if (!request) { return NOTHING(); }
        const before = kept();
        const known = asked.get(name(request)) || (before && name(before) === name(request) ? before.nonce : null) || nonce();
        asked.set(name(request), known);
        return wanted(Object.assign({}, request, { nonce: known }));
    }

    function resume() {
        const before = kept();
        return before ? ask(before) : NOTHING();
    }

    function askAgain(clicks, status) {
        return clicks && status ? ask({ data: status.data, recipe: status.recipe, until: status.until }) : NOTHING();
    }

    /* ---- the strip under the top bar ---- */

    function tick() {
        const place = document.getElementById("run-elapsed");
        if (!place || running.since === null) { return; }
        const seconds = Math.max(0, Math.round((Date.now() - running.since) / 1000));
        place.textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
    }

    /* A job's last word is heard again with every poll, however old it is: it may set the clock forward, never back. */
    function startClock(seconds) {
        const since = Date.now() - 1000 * (seconds || 0);
        running.since = running.since === null ? since : Math.min(running.since, since);
        if (running.timer === null) { running.timer = setInterval(tick, 250); }
        tick();
    }

    function stopClock() {
        clearInterval(running.timer);
        running.timer = null;
    }

    function jobStarted(job) {
        if (!job) { return NOTHING(); }
        if (!running.job || running.job.nonce !== job.nonce) { running.since = null; }
        running.job = job;
        sessionStorage.setItem(PENDING, JSON.stringify(job));
        startClock(0);
        return "run-strip run-working";
    }

    function statusChanged(status) {
        if (!status || !ENDED.includes(status.state)) { return NOTHING(); }
        asked.delete(name(status));
        if (status.sample) { asked.delete(name(Object.assign({}, status, { data: "sample" }))); }
        const before = kept();
        if (before && before.nonce === status.nonce) { sessionStorage.removeItem(PENDING); }
        if (running.job && running.job.nonce !== status.nonce) { return NOTHING(); }
        stopClock();
        running.job = null;
        return status.state === "failed" ? "run-strip run-failed" : "run-strip";
    }

    function dismiss(clicks) {
        return clicks ? "run-strip" : NOTHING();
    }

    /* While the server is silent, the strip says so in the place of the stage, which comes back with the first answer. */
    let silenced = null;

    function put(shown) {
        const [strip, stage, sentence] = shown;
        window.dash_clientside.set_props("run-strip", { className: strip });
        window.dash_clientside.set_props("run-stage", { children: stage });
        window.dash_clientside.set_props("run-sentence", { children: sentence });
        window.dash_clientside.set_props("run-spoken", { children: [stage, sentence].join(" ") });
    }

    function silent() {
        const [strip, stage, sentence] = ["run-strip", "run-stage", "run-sentence"].map((id) => document.getElementById(id));
        if (silenced || !strip) { return; }
        silenced = [strip.className, stage.textContent, sentence.textContent];
        put(["run-strip run-working", "", NO_ANSWER]);
    }

    function answered() {
        if (silenced) { put(silenced); }
        silenced = null;
    }

    function spokenOf(stage, status) {
        if (status && status.state === "done") { return "The run is done."; }
        if (status && status.state === "failed") { return "The run failed. " + status.sentence; }
        if (status && status.state === "cancelled") { return "The run was cancelled."; }
        return stage;
    }

    function progress(reported, status) {
        const by = (window.dash_clientside.callback_context.triggered[0] || {}).prop_id || "";
        if (by.startsWith("run-status") && status) {
            const spoken = spokenOf("", status);
            if (status.state === "failed") { return ["The run failed", status.sentence, { width: "100%" }, spoken]; }
            if (status.state === "working") { return ["Starting", "", { width: "2%" }, "The run has started."]; }
            return [NOTHING(), NOTHING(), NOTHING(), spoken];
        }
        if (!reported || !running.job) { return [NOTHING(), NOTHING(), NOTHING(), NOTHING()]; }
        startClock(reported.seconds);
        const width = Math.max(2, Math.round(100 * reported.share)) + "%";
        const more = reported.sentence === reported.stage ? "" : reported.sentence;
        return [reported.stage, more, { width: width }, reported.stage];
    }

    /* ---- theme and address ---- */

    function switchTheme(clicks) {
        const root = document.documentElement;
        if (clicks) {
            const other = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
            root.setAttribute("data-bs-theme", other);
            try { localStorage.setItem("studio-theme", other); } catch (refused) { /* private window: kept for this page only */ }
        }
        return root.getAttribute("data-bs-theme");
    }

    /* The query of the address with these values. The last argument names its parts, in the order of the values. */
    function searchWith(...values) {
        const names = values.pop() || [];
        const query = new URLSearchParams(location.search);
        names.forEach((name, position) => {
            const value = values[position];
            const empty = value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
            if (empty) { query.delete(name); } else { query.set(name, value); }
        });
        const search = query.toString();
        return search ? "?" + search : "";
    }

    function keepAddress(...values) {
        history.replaceState(history.state, "", location.pathname + searchWith(...values));
        carryView();
        return NOTHING();
    }

    /* The steps lead to the same choice on another page, which has views of its own; the report shows its segments, as a
       page of its own if asked to; and what carries the choice alone takes over the method and the number of segments.
       Dash does not see what keepAddress writes, so this does: when the page has nothing else to do, at the latest when
       a hand or a key comes down, before a link can be followed. */
    let carrying = null;

    function carryView() {
        if (carrying === null) { carrying = window.requestIdleCallback ? requestIdleCallback(carry, { timeout: 500 }) : setTimeout(carry, 50); }
        return NOTHING();
    }

    function carry() {
        carrying = null;
        const here = new URLSearchParams(location.search);
        const choices = window.dash_clientside.wayBack.choices();
        const elsewhere = searchWith(["view", ...Object.keys((choices && choices.owned) || {})]);
        document.querySelectorAll(".steps a[id], a.carries-view[id]").forEach((link) => {
            const show = new URL(link.href).searchParams.get("show") ? "&show=yes" : "";
            const isOther = link.closest(".steps") && new URL(link.href).pathname !== location.pathname;
            lead(link, isOther ? elsewhere : location.search + show);
        });
        document.querySelectorAll("a.carries-choice[id]").forEach((link) => {
            const query = new URL(link.href).searchParams;
            ["method", "k"].filter((name) => here.has(name)).forEach((name) => query.set(name, here.get(name)));
            lead(link, "?" + query);
        });
    }

    function lead(link, search) {
        const { pathname } = new URL(link.href);
        if (link.getAttribute("href") !== pathname + search) { window.dash_clientside.set_props(link.id, { href: pathname + search }); }
    }

    ["pointerdown", "keydown"].forEach((kind) => {
        document.addEventListener(kind, () => { if (carrying !== null) { carry(); } }, true);
    });

    /* A menu goes away with Escape, and the keyboard stands on its button again. */
    document.addEventListener("keydown", (event) => {
        const menu = event.key === "Escape" && document.querySelector(".report-menu[open]");
        if (menu) {
            menu.open = false;
            menu.querySelector("summary").focus();
        }
    });

    /* ---- an answer that gets lost on its way is asked for again ---- */

    function pause(milliseconds) {
        return new Promise((resolve) => setTimeout(resolve, milliseconds));
    }

    function tellLost(run) {
        if (!window.dash_clientside || !window.dash_clientside.set_props) { return; }
        silenced = null;
        const lost = Object.assign({}, running.job || kept() || run, { state: "failed", sentence: LOST });
        window.dash_clientside.set_props("run-status", { data: lost });
    }

    /* What a page asked for in vain is asked for until it is there; meanwhile a bar says that the page is behind. */
    const unanswered = [];
    let behind = 0;

    function standBehind(more) {
        behind += more;
        document.getElementById("outage").hidden = behind === 0;
    }

    function nextTry() {
        return new Promise((resolve) => {
            unanswered.push(resolve);
            setTimeout(resolve, OUTAGE_WAIT);
        });
    }

    document.addEventListener("click", (event) => {
        if (event.target.closest("#outage button")) { unanswered.splice(0).forEach((again) => again()); }
    });

    /* What a run hangs on: its polls, its start, and the question whether it must start at all. The run asked for, or null. */
    function runOf(address, options) {
        if (address.includes("cacheKey=")) { return running.job || {}; }
        let body = {};
        try { body = JSON.parse((options || {}).body); } catch (unreadable) { return null; }
        const asking = (body.inputs || []).find((input) => input && (input.id === "run-job" || input.id === "run-wanted"));
        return asking && asking.value ? asking.value : null;
    }

    const plainFetch = window.fetch.bind(window);

    /* One try; a poll that hangs is given up, since asking again costs nothing. */
    async function attempt(resource, options, poll) {
        if (!poll) { return plainFetch(resource, options); }
        const patience = new AbortController();
        const timer = setTimeout(() => patience.abort(), POLL_PATIENCE);
        try { return await plainFetch(resource, Object.assign({}, options, { signal: patience.signal })); } finally { clearTimeout(timer); }
    }

    window.fetch = async function (resource, options) {
        const address = typeof resource === "string" ? resource : (resource && resource.url) || "";
        if (!address.includes("_dash-update-component")) { return plainFetch(resource, options); }
        const poll = address.includes("cacheKey=");
        const run = runOf(address, options);
        const waits = run ? RUN_WAITS : ASK_WAITS;
        const silence = run ? setTimeout(silent, SILENCE) : null;
        for (let tries = 0; ; tries += 1) {
            let answer = null;
            let failure = null;
            try { answer = await attempt(resource, options, poll); } catch (unreachable) { failure = unreachable; }
            const final = answer && (answer.status < 500 || (!poll && answer.status === 500));
            if (final) {
                clearTimeout(silence);
                if (run) { answered(); }
                if (tries > waits.length) { standBehind(-1); }
                return answer;
            }
            if (run && tries === waits.length) {
                clearTimeout(silence);
                tellLost(run);
                if (failure) { throw failure; }
                return answer;
            }
            if (tries === waits.length) { standBehind(1); }
            await (tries < waits.length ? pause(waits[tries]) : nextTry());
        }
    };

    /* Following the link as a link would change the address, and Dash would draw the page anew under the reader's focus. */
    document.addEventListener("click", (event) => {
        const skip = event.target.closest(".skip-link");
        if (skip) {
            event.preventDefault();
            document.getElementById("content").focus();
        }
    });

    window.dash_clientside = Object.assign({}, window.dash_clientside, {
        studio: { ask, askAgain, resume, jobStarted, statusChanged, dismiss, progress, switchTheme, searchWith, keepAddress, carryView },
    });
})();
