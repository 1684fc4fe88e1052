"use strict";
// What was dropped or chosen, as files with the folder they lie in: {items, hidden, others, troubles}. Folders are
// walked here, a hundred entries at a time, so that the page stays quick and says how many files are found.
const paceportFiles = (() => {
  const RECORDING = /\.(zip|(fit|gpx|tcx)(\.gz)?)$/i, TABLE = /\.csv$/i, EXPORT_TABLE = /^activities\.csv$/i;
  const LITTER = new Set(["__MACOSX", "Thumbs.db", "desktop.ini"]);
  const DEEPEST = 32;
  const isHidden = (name) => name.startsWith(".") || LITTER.has(name);

  function trouble(path, error) {
    return {
      what: `${path} could not be read`, why: `the browser was not let in (${error.name || "unknown error"})`,
      fix: "see that you may open it and that it is still there, then drop it again; or use: paceport import FOLDER",
    };
  }

  // Keeps recordings, and the tables of an unpacked export; counts the rest.
  class Sorted {
    constructor(most) {
      Object.assign(this, { items: [], tables: [], hidden: 0, others: 0, troubles: [], most, isFull: false });
    }
    add(file, folder) {
      if (this.items.length + this.tables.length >= this.most) this.isFull = true;
      else if (RECORDING.test(file.name)) this.items.push({ file, folder });
      else if (TABLE.test(file.name)) this.tables.push({ file, folder });
      else this.others += 1;
    }
    end() {
      if (this.tables.some((one) => EXPORT_TABLE.test(one.file.name))) this.items.push(...this.tables);
      else this.others += this.tables.length;
      this.tables = [];
      if (this.isFull) {
        this.troubles.push({
          what: `There are more than ${this.most.toLocaleString("en")} files`, why: "the others were not looked at",
          fix: "drop smaller folders one after the other; or use: paceport import FOLDER",
        });
      }
      return this;
    }
  }

  const entriesOf = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

  async function walk(root, sorted, tell, isStopped) {
    const waiting = [{ entry: root, path: root.name, depth: 1 }];
    while (waiting.length && !sorted.isFull && !isStopped()) {
      const { entry, path, depth } = waiting.pop();
      try {
        const reader = entry.createReader();
        for (;;) {
          const found = await entriesOf(reader);
          if (!found.length || sorted.isFull || isStopped()) break;
          const shown = found.filter((one) => !isHidden(one.name));
          sorted.hidden += found.length - shown.length;
          for (const one of shown.filter((each) => each.isDirectory)) {
            const below = `${path}/${one.name}`;
            if (depth < DEEPEST) waiting.push({ entry: one, path: below, depth: depth + 1 });
            else sorted.troubles.push(trouble(below, { name: `more than ${DEEPEST} folders deep` }));
          }
          await Promise.all(shown.filter((one) => one.isFile).map(async (one) => {
            try {
              sorted.add(await fileOf(one), path);
            } catch (error) {
              sorted.troubles.push(trouble(`${path}/${one.name}`, error));
            }
          }));
          tell(sorted.items.length);
        }
      } catch (error) {
        sorted.troubles.push(trouble(path, error));
      }
    }
  }

  return {
    // The entries must be asked for while the event lasts; a File of a folder is none, so an entry goes first.
    dropped(transfer) {
      const things = [...transfer.items].filter((item) => item.kind === "file");
      const roots = things.map((item) => {
        const entry = item.webkitGetAsEntry ? item.webkitGetAsEntry() : null;
        return entry && entry.isDirectory ? entry : item.getAsFile();
      }).filter((one) => one);
      return { files: roots.filter((one) => one instanceof File), folders: roots.filter((one) => !(one instanceof File)) };
    },
    async walked({ files, folders }, most, tell, isStopped) {
      const sorted = new Sorted(most);
      for (const folder of folders) await walk(folder, sorted, tell, isStopped);
      sorted.end();
      sorted.items.unshift(...files.map((file) => ({ file, folder: "" })));
      return sorted;
    },
    // What <input webkitdirectory> gives: every file below the folder, each with its path.
    ofFolder(files, most) {
      const sorted = new Sorted(most), hidden = new Set();
      for (const file of files) {
        const parts = file.webkitRelativePath.split("/"), at = parts.findIndex((part, index) => index && isHidden(part));
        if (at > 0) hidden.add(parts.slice(0, at + 1).join("/"));
        else sorted.add(file, parts.slice(0, -1).join("/"));
      }
      sorted.hidden = hidden.size;
      return sorted.end();
    },
  };
})();
