/** Writes the sections of the documentation that follow from the code: `npx tsx cli/docs/write.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { documents } from "./documents.ts";
import { fillSections } from "./sections.ts";

for (const path of documents()) writeFileSync(path, fillSections(readFileSync(path, "utf8")));
