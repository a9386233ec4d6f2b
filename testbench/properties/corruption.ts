import { type ErrorName, errorByName } from "../../hdl-gen/index.ts";
import { COMMAND_BYTES, type Command, encodeCommands, engineOf, type Program } from "../../host/index.ts";

/** Ways to break a command of which the error code is known. */
export const corruptions = [
  "opcode zero",
  "opcode unknown",
  "illegal flags",
  "upsampled maximum",
  "upsampled addition",
  "accumulated map",
  "partial map",
  "wait for the future",
  "empty loop",
  "misaligned address",
  "address outside the window",
  "weights outside",
  "parameters outside",
  "output outside",
  "no end",
] as const;
export type Corruption = (typeof corruptions)[number];

/** A broken command stream and the error that it must give. */
export interface CorruptedStream {
  /** Encoded commands, as long as the program's. */
  readonly bytes: Uint8Array;
  readonly error: ErrorName;
  readonly code: number;
  /** The command that must be reported. */
  readonly command: number;
}

/** The error and how to make it: a word of the command and what becomes of it. */
type Change = readonly [error: ErrorName, word: number, value: (old: number) => number];

/**
 * Breaks a command of a program.
 * @param at command to break; the next one after it (wrapping) to which this corruption applies is taken
 * @returns undefined if it applies to none
 */
export function corrupt(program: Program, corruption: Corruption, at: number): CorruptedStream | undefined {
  const { commands } = program;
  if (corruption === "no end") return withoutEnd(commands);
  for (let step = 0; step < commands.length; step++) {
    const index = (at + step) % commands.length;
    const change = changeFor(commands, index, corruption);
    if (change === undefined) continue;
    const [error, word, value] = change;
    const bytes = encodeCommands(commands);
    const view = new DataView(bytes.buffer);
    const place = index * COMMAND_BYTES + 4 * word;
    view.setUint32(place, value(view.getUint32(place, true)), true);
    return { bytes, error, code: errorByName(error).code, command: index };
  }
  return undefined;
}

/** The first command once more in place of END: the stream runs out, which is reported for the command after the last. */
function withoutEnd(commands: readonly Command[]): CorruptedStream {
  const bytes = encodeCommands([...commands.slice(0, -1), commands[0]]);
  return { bytes, error: "NO_END", code: errorByName("NO_END").code, command: commands.length };
}

function changeFor(
  commands: readonly Command[],
  index: number,
  corruption: Exclude<Corruption, "no end">,
): Change | undefined {
  const command = commands[index];
  const { kind } = command;
  const moves = kind !== "compute" && kind !== "end";
  switch (corruption) {
    case "opcode zero":
      return ["BAD_OPCODE", 0, (old) => old & ~255];
    case "opcode unknown":
      return ["BAD_OPCODE", 0, (old) => old | 0x88];
    case "illegal flags":
      return ["BAD_FIELD", 0, (old) => old | 0x8200];
    case "upsampled maximum":
      return kind === "compute" ? ["BAD_FIELD", 0, (old) => (old | 0x3000) & ~0x200] : undefined;
    case "upsampled addition":
      return kind === "compute" ? ["BAD_FIELD", 0, (old) => old | 0x2200] : undefined;
    case "accumulated map":
      return isMap(command) ? ["BAD_FIELD", 0, (old) => old | 0x4000] : undefined;
    case "partial map":
      return isMap(command) ? ["BAD_FIELD", 0, (old) => old | 0x8000] : undefined;
    case "wait for the future": {
      const loads = commands.slice(0, index).filter((other) => engineOf(other.kind) === "load").length;
      return ["BAD_WAIT", 0, (old) => (old & 0xffff) | ((loads + 1) << 16)];
    }
    case "empty loop":
      if (kind === "end") return undefined;
      return ["BAD_FIELD", kind === "compute" ? 8 : 3, (old) => (kind === "compute" ? old & 0xffff : 0)];
    case "misaligned address":
      return moves ? ["MEMORY_ADDRESS", 2, (old) => old + 1] : undefined;
    case "address outside the window":
      return moves ? ["MEMORY_ADDRESS", 2, () => 0xffffffc0] : undefined;
    case "weights outside":
      return kind === "compute" ? ["WEIGHT_ADDRESS", 10, (old) => old | 0xffff] : undefined;
    case "parameters outside":
      return kind === "compute" ? ["PARAMETER_ADDRESS", 11, (old) => old | 0xffff] : undefined;
    case "output outside":
      return kind === "compute" ? ["FEATURE_ADDRESS", 12, (old) => old | 0xffff] : undefined;
  }
}

/** A computation of more than one tile. */
function isMap(command: Command): boolean {
  return command.kind === "compute" && command.blocks * command.rows * command.tiles > 1;
}
