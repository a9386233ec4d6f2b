import { accessSync, constants, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { VargenError } from "../../models/errors.ts";

/** Checks that a picture can be written where it is wanted, before the work that it shows. @throws VargenError if not */
export function checkPlotPath(file: string): void {
  attempt(file, () => accessSync(`${dirname(file)}/`, constants.W_OK));
}

/** Writes a picture. @throws VargenError if it cannot be written */
export function writePlot(file: string, svg: string): void {
  attempt(file, () => writeFileSync(file, svg));
}

function attempt(path: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    const message = `cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    throw new VargenError([{ code: "plot/unwritable", path, message }]);
  }
}
