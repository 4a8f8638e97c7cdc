/* A look at the first bytes of a file before anything is sent: what cannot be a table of transactions is told at once. */
(function () {
    "use strict";

    const HEAD_BYTES = 65536;
    const EXPORT = "Export the orders from your shop as CSV or Excel and choose that file.";
    const SIGNS = [
        [0, "%PDF-", "a PDF document"],
        [0, "\x89PNG", "a picture"],
        [0, "\xff\xd8\xff", "a picture"],
        [0, "GIF8", "a picture"],
        [8, "WEBP", "a picture"],
        [4, "ftyp", "a film or a photo"],
        [0, "ID3", "a sound recording"],
        [0, "OggS", "a sound recording"],
        [0, "{\\rtf", "a text document"],
        [0, "SQLite format 3\0", "a database"],
        [0, "\x7fELF", "a program"],
    ];
    const ARCHIVES = [[0, "Rar!"], [0, "7z\xbc\xaf\x27\x1c"], [257, "ustar"]];
    const OFFICE = [["word/", "a Word document"], ["ppt/", "a presentation"]];

    function latin(bytes) {
        let text = "";
        for (let start = 0; start < bytes.length; start += 4096) {
            text += String.fromCharCode.apply(null, bytes.subarray(start, start + 4096));
        }
        return text;
    }

    function whatElse(head) {
        const sign = SIGNS.find(([place, mark]) => head.startsWith(mark, place));
        if (sign) { return sign[2]; }
        const part = head.startsWith("PK") && OFFICE.find(([folder]) => head.includes(folder));
        return part ? part[1] : null;
    }

    function problem(name, size, head) {
        if (!size) { return name + " is empty: it has no bytes at all. Choose a file with transactions in it."; }
        const other = whatElse(head);
        if (other) { return name + " is " + other + ", not a table of transactions. " + EXPORT; }
        if (ARCHIVES.some(([place, mark]) => head.startsWith(mark, place))) {
            return name + " is an archive of a kind that is not read here. Unpack it and choose the file inside, or pack it as .zip or .gz.";
        }
        return null;
    }

    /* The first line of a text, to recognise the file by. */
    function firstLine(bytes) {
        const text = new TextDecoder().decode(bytes.subarray(0, 2048));
        const line = text.split(/[\r\n]/, 1)[0].trim();
        return /[\u0000-\u0008\ufffd]/.test(line) || line.length === 0 ? null : line.slice(0, 160);
    }

    /* What is wrong with a file, or null; and its first line, or null. */
    async function firstLook(file) {
        let bytes;
        try { bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()); } catch (unreadable) {
            return { problem: file.name + " cannot be read: it is a folder, or it was moved or changed. Choose the files themselves.", line: null };
        }
        return { problem: problem(file.name, file.size, latin(bytes)), line: firstLine(bytes) };
    }

    window.studioUploads = Object.assign(window.studioUploads || {}, { firstLook });
})();
