import { Presets, SingleBar } from "cli-progress";
import { createColors } from "picocolors";
import type { Io } from "./io.ts";

/** Progress on stderr: bars on a terminal, plain lines (at most about ten for a bar) elsewhere, nothing when silent. */
export interface Progress {
  /** One line about what happens now. */
  step(text: string): void;
  /** A bar to `total`; call the result with what is done so far and a note. */
  bar(label: string, total: number): (done: number, note?: string) => void;
}

/** Progress for a command's output. @param silent show nothing (JSON output on a terminal needs none) */
export function makeProgress(io: Io, silent = false): Progress {
  if (silent) return { step: () => {}, bar: () => () => {} };
  return io.interactive ? terminalProgress(io) : plainProgress(io);
}

/** Bars that are shown now. */
const open = new Set<SingleBar>();

/** Ends bars that a failure left unfinished: they would keep the process alive and the cursor hidden. */
export function stopBars(): void {
  for (const bar of open) bar.stop();
  open.clear();
}

function terminalProgress(io: Io): Progress {
  const { cyan } = createColors(io.colors);
  return {
    step: (text) => io.err(`${cyan("•")} ${text}\n`),
    bar: (label, total) => {
      const format = `  ${label} ${cyan("{bar}")} {value}/{total} {note}`;
      const bar = new SingleBar(
        { format, stream: process.stderr, hideCursor: true, barsize: 30 },
        Presets.shades_classic,
      );
      bar.start(total, 0, { note: "" });
      open.add(bar);
      return (done, note = "") => {
        bar.update(done, { note });
        if (done < total) return;
        bar.stop();
        open.delete(bar);
      };
    },
  };
}

function plainProgress(io: Io): Progress {
  return {
    step: (text) => io.err(`${text}\n`),
    bar: (label, total) => {
      let shown = 0;
      return (done, note = "") => {
        if (done < total && done < shown + total / 10) return;
        shown = done;
        io.err(`  ${label} ${done}/${total}${note === "" ? "" : ` ${note}`}\n`);
      };
    },
  };
}
