/* The list of data sets: a name turns into a field and back, and nothing is deleted before it was asked. */
(function () {
    "use strict";

    const rowOf = (place) => place.closest("[data-row]");
    const field = (row) => row.querySelector(".dataset-name-form input");

    function rename(row) {
        row.dataset.renaming = "yes";
        field(row).focus();
        field(row).select();
    }

    function stop(row) {
        delete row.dataset.renaming;
        row.querySelector(".dataset-rename").focus();
    }

    /* The field belongs to Dash: it takes a value as if it had been typed. */
    function back(row) {
        const input = field(row);
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, row.querySelector(".dataset-link").textContent);
        input.dispatchEvent(new Event("input", { bubbles: true }));
        stop(row);
    }

    document.addEventListener("click", (event) => {
        const button = event.target.closest("[data-row] button");
        if (!button) { return; }
        const row = rowOf(button);
        if (button.matches(".dataset-rename")) { rename(row); }
        if (button.matches(".dataset-name-back")) { back(row); }
        if (button.matches(".dataset-delete")) { row.querySelector("dialog").showModal(); }
        if (button.matches("dialog button")) { button.closest("dialog").close(); }
    });

    document.addEventListener("keydown", (event) => {
        const input = event.target.closest && event.target.closest(".dataset-name-form input");
        if (!input || event.repeat || event.isComposing) { return; }
        if (event.key === "Escape") { event.preventDefault(); back(rowOf(input)); }
        if (event.key === "Enter") { event.preventDefault(); rowOf(input).querySelector(".dataset-name-keep").click(); }
    });

    /* Something was done: it is told, and the keyboard goes on from where it was. */
    function did(done) {
        if (!done) { return window.dash_clientside.no_update; }
        requestAnimationFrame(() => {
            const row = done.row && document.querySelector('[data-row="' + done.row + '"]');
            if (row) { stop(row); } else { document.getElementById("data-sets-told").focus(); }
        });
        return done.told;
    }

    window.dash_clientside = Object.assign({}, window.dash_clientside, { datasets: { did } });
})();
