import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import type { TraceSink } from "./model.ts";

/** A VCD file in the making; it appears under its name when it is complete. */
export interface VcdFile {
  readonly sink: TraceSink;
  /** Ends the file. */
  close(): void;
  /** Drops what was written. */
  discard(): void;
}

/** Opens a VCD file for `Model.startTrace`. @param path replaced if it exists */
export function openVcdFile(path: string): VcdFile {
  const temporary = `${path}.${process.pid}.tmp`;
  const descriptor = openSync(temporary, "w");
  return {
    sink: (text) => {
      writeSync(descriptor, text);
    },
    close: () => {
      closeSync(descriptor);
      renameSync(temporary, path);
    },
    discard: () => {
      closeSync(descriptor);
      rmSync(temporary, { force: true });
    },
  };
}
