/* The explanation of a term, shown beside it on hover and focus, always inside the window, away with Escape. */
(function () {
    "use strict";

    const GAP = 8;
    let shown = null;
    let tip = null;

    function place(term) {
        const around = term.getBoundingClientRect();
        const own = tip.getBoundingClientRect();
        const left = Math.min(Math.max(GAP, around.left), window.innerWidth - own.width - GAP);
        const above = around.top - own.height - GAP;
        tip.style.left = left + "px";
        tip.style.top = (above >= GAP ? above : around.bottom + GAP) + "px";
    }

    function show(term) {
        const note = term.querySelector(".term-note");
        if (!note || shown === term) { return; }
        if (!tip) {
            tip = document.createElement("div");
            tip.id = "studio-tip";
            tip.setAttribute("role", "tooltip");
            document.body.appendChild(tip);
        }
        shown = term;
        tip.textContent = note.textContent;
        tip.classList.add("tip-shown");
        term.setAttribute("aria-describedby", tip.id);
        place(term);
    }

    function hide() {
        if (!shown) { return; }
        shown.removeAttribute("aria-describedby");
        tip.classList.remove("tip-shown");
        shown = null;
    }

    function termOf(event) { return event.target.closest ? event.target.closest(".term") : null; }

    document.addEventListener("mouseover", (event) => {
        const term = termOf(event);
        if (term) { show(term); } else if (shown && event.target !== tip && document.activeElement !== shown) { hide(); }
    });
    document.addEventListener("focusin", (event) => { const term = termOf(event); if (term) { show(term); } });
    document.addEventListener("focusout", hide);
    document.addEventListener("scroll", hide, true);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") { hide(); } });
})();
