import { writeFile } from "node:fs/promises";
import { FACTS_PAGE, factsPage, listCases } from "./facts-page.ts";
import { FACTS } from "./facts.ts";

await writeFile(FACTS_PAGE, await factsPage(FACTS, await listCases()));
