import { accessSync, constants, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { VargenError } from "../../models/errors.ts";

/** Where a report goes: a page, and the same figures as JSON beside it. */
export interface ReportFiles {
  readonly page: string;
  readonly data: string;
}

/** The files of a report by the page's name. @throws VargenError if it does not end in .html */
export function reportFiles(page: string): ReportFiles {
  if (/[^/\\]\.html?$/i.test(page)) return { page, data: page.replace(/\.html?$/i, ".json") };
  const hint = "as in -o out/report.html; the JSON goes beside it";
  throw new VargenError([{ code: "report/name", path: page, message: "the page's name must end in .html", hint }]);
}

/** Checks that a report can be written, before the work that it shows. @throws VargenError if not */
export function prepareFiles({ page }: ReportFiles): void {
  attempt(page, () => {
    mkdirSync(dirname(page), { recursive: true });
    accessSync(`${dirname(page)}/`, constants.W_OK);
  });
}

/** Writes files under their names when they are complete. @throws VargenError if that cannot be done */
export function writeReport({ page, data }: ReportFiles, pageText: string, dataText: string): void {
  for (const [path, text] of [
    [page, pageText],
    [data, dataText],
  ])
    attempt(path, () => {
      writeFileSync(`${path}.part`, text);
      renameSync(`${path}.part`, path);
    });
}

function attempt(path: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    const message = `cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    throw new VargenError([{ code: "report/unwritable", path, message, hint: "choose another path" }]);
  }
}
