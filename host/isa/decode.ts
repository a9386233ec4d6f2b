import { type Problem, VargenError } from "../../models/errors.ts";
import type { Command } from "./commands.ts";
import { COMMAND_BYTES, commandKinds, type Field, layouts } from "./fields.ts";

/**
 * Decodes commands that lie back to back.
 * @throws VargenError naming every command with an unknown opcode, or a length that is not whole commands
 */
export function decodeCommands(bytes: Uint8Array): readonly Command[] {
  if (bytes.length % COMMAND_BYTES !== 0) {
    const message = `${bytes.length} bytes are not whole commands of ${COMMAND_BYTES}`;
    throw new VargenError([{ code: "command/length", path: "command stream", message }]);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const problems: Problem[] = [];
  const commands: Command[] = [];
  for (let offset = 0; offset < bytes.length; offset += COMMAND_BYTES) {
    const opcode = view.getUint8(offset);
    const kind = commandKinds.find((candidate) => layouts[candidate].opcode === opcode);
    if (kind === undefined) {
      const path = `command ${offset / COMMAND_BYTES}`;
      problems.push({ code: "command/opcode", path, message: `there is no opcode ${opcode}` });
      continue;
    }
    const values: Record<string, number> = {};
    for (const [name, field] of Object.entries<Field>(layouts[kind].fields)) {
      values[name] = extract(view.getUint32(offset + 4 * field.word, true), field);
    }
    commands.push({ kind, ...values } as unknown as Command);
  }
  if (problems.length > 0) throw new VargenError(problems);
  return commands;
}

function extract(word: number, { bit, width, signed }: Field): number {
  const aligned = word << (32 - bit - width);
  return signed ? aligned >> (32 - width) : aligned >>> (32 - width);
}
