import { type Problem, VargenError } from "../../models/errors.ts";
import type { Command } from "./commands.ts";
import { COMMAND_BYTES, type Field, layouts } from "./fields.ts";
import { flagConflicts } from "./flag-rules.ts";

/** Smallest and largest value of a field. */
export function fieldRange(field: Field): { readonly min: number; readonly max: number } {
  if (field.signed) return { min: -(2 ** (field.width - 1)), max: 2 ** (field.width - 1) - 1 };
  return { min: field.min ?? 0, max: field.max ?? 2 ** field.width - 1 };
}

/** Fields of a command with their values, in table order. */
export function fieldValues(command: Command): readonly (readonly [string, Field, number])[] {
  const values = command as unknown as Readonly<Record<string, number>>;
  return Object.entries<Field>(layouts[command.kind].fields).map(([name, field]) => [name, field, values[name]]);
}

/** Everything in a command that does not fit its field, and flags that contradict one another. @param path where the command is, for the messages */
export function commandProblems(command: Command, path: string): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [name, field, value] of fieldValues(command)) {
    const { min, max } = fieldRange(field);
    if (Number.isInteger(value) && value >= min && value <= max) continue;
    const message = `${command.kind}.${name} is ${value}, outside ${min}..${max}`;
    problems.push({ code: "command/out-of-range", path, message });
  }
  for (const rule of flagConflicts(command))
    problems.push({ code: "command/flags", path, message: `${command.kind}: ${rule}` });
  return problems;
}

/**
 * Encodes commands back to back, 64 bytes each, little-endian.
 * @throws VargenError naming every field of every command that is out of range, and every conflict of flags
 */
export function encodeCommands(commands: readonly Command[]): Uint8Array {
  const problems = commands.flatMap((command, index) => commandProblems(command, `command ${index}`));
  if (problems.length > 0) throw new VargenError(problems);
  const bytes = new Uint8Array(commands.length * COMMAND_BYTES);
  const view = new DataView(bytes.buffer);
  commands.forEach((command, index) => {
    const words = new Uint32Array(COMMAND_BYTES / 4);
    words[0] = layouts[command.kind].opcode;
    for (const [, { word, bit, width }, value] of fieldValues(command)) {
      const mask = width === 32 ? 0xffffffff : 2 ** width - 1;
      words[word] |= (value & mask) << bit;
    }
    for (let i = 0; i < words.length; i++) view.setUint32(index * COMMAND_BYTES + 4 * i, words[i], true);
  });
  return bytes;
}
