/* Light or dark before the first paint: what the person chose here before, else what their system says. */
(function () {
    var kept = null;
    try { kept = localStorage.getItem("studio-theme"); } catch (refused) { kept = null; }
    var dark = window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.setAttribute("data-bs-theme", kept || (dark ? "dark" : "light"));
})();
