import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { mutateSource, mutatedFiles } from "./mutate-source.ts";

/** Loaded before a run (`node --import`), it puts the bug of the mutant that TAPEDECK_MUTANT names into what is loaded. */
const files = mutatedFiles(process.env["TAPEDECK_MUTANT"]);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const edits = files.get(url);
    if (edits === undefined) return loaded;
    const source = mutateSource(readFileSync(fileURLToPath(url), "utf8"), edits);
    return { ...loaded, source };
  },
});
