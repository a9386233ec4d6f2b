import type { CommandSpec } from "../command.ts";
import type { OptionSpec } from "./spec.ts";
import { longFlag, type OptionName, optionTable } from "./table.ts";

/** Every option as rows of a Markdown table: how it is written, range, default, which commands take it, meaning. */
export function optionReference(commands: readonly CommandSpec[]): string {
  const rows = (Object.keys(optionTable) as OptionName[]).map((name) => {
    const spec: OptionSpec<unknown> = optionTable[name];
    const users = commands.filter(({ options }) => options.includes(name)).map((command) => command.name);
    const fallback = spec.value === undefined || spec.default === undefined ? "" : String(spec.default);
    return `| \`${written(name)}\` | ${spec.range} | ${fallback} | ${users.join(", ")} | ${spec.doc} |`;
  });
  return ["| option | takes | default | commands | meaning |", "|---|---|---|---|---|", ...rows].join("\n");
}

/** An option with its short form and placeholder, as in `-o, --output <DIR>` (commander's notation). */
export function written(name: OptionName): string {
  const { short, value }: OptionSpec<unknown> = optionTable[name];
  return `${short === undefined ? "" : `-${short}, `}${longFlag(name)}${value === undefined ? "" : ` <${value}>`}`;
}

/** Meaning, range and default of an option in one text. */
export function described(name: OptionName): string {
  const { doc, range, value, default: fallback }: OptionSpec<unknown> = optionTable[name];
  if (value === undefined) return doc;
  return `${doc} Takes: ${range}${fallback === undefined ? "" : `; default ${fallback}`}.`;
}
