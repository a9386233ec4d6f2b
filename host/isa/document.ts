import { fieldRange } from "./encode.ts";
import { type CommandKind, commandKinds, type Field, layouts } from "./fields.ts";

const bits = ({ bit, width }: Field): string => (width === 1 ? `${bit}` : `${bit + width - 1}:${bit}`);

function table(kind: CommandKind): string {
  const rows = Object.entries<Field>(layouts[kind].fields).map(([name, field]) => {
    const { min, max } = fieldRange(field);
    return `| W${field.word} | ${bits(field)} | ${name} | ${min}..${max} | ${field.doc} |`;
  });
  return `### ${kind} (opcode ${layouts[kind].opcode})\n\n${layouts[kind].doc}\n\n| word | bits | field | range | meaning |\n|---|---|---|---|---|\n${rows.join("\n")}\n`;
}

/** The command reference as Markdown, one table a command; bits that no field covers are 0. */
export function commandReference(): string {
  return `## Commands\n\n64 bytes each: sixteen little-endian 32-bit words; word 0 bits 7:0 hold the opcode.\n\n${commandKinds.map(table).join("\n")}`;
}
