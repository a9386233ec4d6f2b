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

/** A field as encoding and checking want it. */
interface Slot {
  readonly name: string;
  readonly word: number;
  readonly bit: number;
  readonly mask: number;
  readonly min: number;
  readonly max: number;
}

/** Slots by kind: programs have a million commands. */
const slots = new Map(
  (Object.keys(layouts) as Command["kind"][]).map((kind): [Command["kind"], readonly Slot[]] => {
    const fields = Object.entries<Field>(layouts[kind].fields);
    const slot = ([name, field]: [string, Field]): Slot => {
      const mask = field.width === 32 ? 0xffffffff : 2 ** field.width - 1;
      return { name, word: field.word, bit: field.bit, mask, ...fieldRange(field) };
    };
    return [kind, fields.map(slot)];
  }),
);

/** Everything in a command that does not fit its field, and flags that contradict one another. @param path where the command is, for the messages */
export function commandProblems(command: Command, path: string): readonly Problem[] {
  const values = command as unknown as Readonly<Record<string, number>>;
  const problems: Problem[] = [];
  for (const { name, min, max } of slots.get(command.kind) ?? []) {
    const value = values[name];
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
  const words = new Uint32Array(COMMAND_BYTES / 4);
  commands.forEach((command, index) => {
    const values = command as unknown as Readonly<Record<string, number>>;
    words.fill(0);
    words[0] = layouts[command.kind].opcode;
    for (const { name, word, bit, mask } of slots.get(command.kind) ?? []) words[word] |= (values[name] & mask) << bit;
    for (let i = 0; i < words.length; i++) view.setUint32(index * COMMAND_BYTES + 4 * i, words[i], true);
  });
  return bytes;
}
