/** Where a command writes: results to `out` (stdout), progress and problems to `err` (stderr). */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Whether stderr is a terminal: bars and colours, else plain lines. */
  readonly interactive: boolean;
  /** Whether stdout takes colours. */
  readonly colors: boolean;
}

/** The process's own streams. Colours obey NO_COLOR (https://no-color.org). */
export function processIo(): Io {
  const noColor = (process.env.NO_COLOR ?? "") !== "";
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    interactive: process.stderr.isTTY === true,
    colors: process.stdout.isTTY === true && !noColor,
  };
}
