import type { OptionSpec } from "./options/spec.ts";
import { longFlag, type OptionName, type OptionValues, optionTable } from "./options/table.ts";

/** Options that change how a command reports, not what it does. */
const silent: readonly OptionName[] = ["json", "vcd", "from", "to"];

/** The command line that does the same again: every option that differs from its default, and the seed always. */
export function replayCommand(command: string, values: Partial<OptionValues>): string {
  const words = (Object.keys(values) as OptionName[]).flatMap((name) => {
    const value = values[name];
    const spec: OptionSpec<unknown> = optionTable[name];
    if (silent.includes(name) || value === undefined || (value === spec.default && name !== "seed")) return [];
    return spec.value === undefined ? [longFlag(name)] : [longFlag(name), quoted((spec.format ?? String)(value))];
  });
  return ["vargen", command, ...words].join(" ");
}

/** A word as a POSIX shell takes it. */
function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
