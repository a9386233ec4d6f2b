import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VargenError } from "../../models/errors.ts";
import type { Command } from "./commands.ts";
import { decodeCommands } from "./decode.ts";
import { disassembleAll } from "./disassemble.ts";
import { commandReference } from "./document.ts";
import { encodeCommands, fieldRange } from "./encode.ts";
import { COMMAND_BYTES, type CommandKind, commandKinds, type Field, layouts } from "./fields.ts";

function commandOf(kind: CommandKind): fc.Arbitrary<Command> {
  const fields = Object.entries<Field>(layouts[kind].fields).map(([name, field]) => [
    name,
    fc.integer(fieldRange(field)),
  ]);
  return fc
    .record(Object.fromEntries(fields))
    .map((values) => withoutConflicts({ kind, ...values } as unknown as Command));
}

/** Drops the flags that exclude one another, and gives accumulations their single tile. */
function withoutConflicts(command: Command): Command {
  if (command.kind !== "compute") return command;
  const { accumulate, partial } = command;
  const residual = partial === 1 ? 0 : command.residual;
  const max = partial === 1 ? 0 : command.max;
  const upsample = residual === 1 || partial === 1 || max === 1 ? 0 : command.upsample;
  const loops = accumulate === 1 || partial === 1 ? { blocks: 1, rows: 1, tiles: 1 } : {};
  return { ...command, residual, max, upsample, ...loops };
}

const commands = fc.array(fc.oneof(...commandKinds.map(commandOf)), { maxLength: 8 });

describe("command encoding", () => {
  it("gives back what was encoded", () => {
    fc.assert(
      fc.property(commands, (list) => {
        expect(decodeCommands(encodeCommands(list))).toEqual(list);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it.each(commandKinds)("%s: fields do not overlap, nor cover the opcode", (kind) => {
    const used = new Set(Array.from({ length: 8 }, (_, bit) => bit));
    for (const { word, bit, width } of Object.values<Field>(layouts[kind].fields)) {
      expect(word).toBeLessThan(COMMAND_BYTES / 4);
      expect(bit + width).toBeLessThanOrEqual(32);
      for (let i = 0; i < width; i++) {
        expect(used.has(32 * word + bit + i)).toBe(false);
        used.add(32 * word + bit + i);
      }
    }
  });

  it("names every field that is out of range", () => {
    const [end] = decodeCommands(encodeCommands([{ kind: "end", waitLoad: 0, waitCompute: 0, waitStore: 0 }]));
    const bad = { ...end, waitLoad: 65536, waitStore: -1 } as Command;
    expect(() => encodeCommands([end, bad])).toThrow(VargenError);
    expect(() => encodeCommands([end, bad])).toThrow(/command 1: end.waitLoad is 65536.*\n.*end.waitStore is -1/);
  });

  it.each([
    [{ max: 1, upsample: 1 }, "upsample excludes max"],
    [{ upsample: 1, residual: 1 }, "upsample excludes residual"],
    [{ partial: 1, residual: 1 }, "partial excludes residual"],
    [{ partial: 1, upsample: 1 }, "partial excludes upsample"],
    [{ partial: 1, tiles: 2 }, "accumulate and partial need blocks = rows = tiles = 1"],
    [{ accumulate: 1, rows: 2 }, "accumulate and partial need blocks = rows = tiles = 1"],
  ])("names the flags that conflict in %o", (flags, rule) => {
    const fields = Object.entries<Field>(layouts.compute.fields).map(([name, field]) => [name, field.min ?? 0]);
    const command = { kind: "compute", ...Object.fromEntries(fields), ...flags } as Command;
    expect(() => encodeCommands([command])).toThrow(`compute: ${rule}`);
  });

  it("refuses unknown opcodes and broken lengths", () => {
    expect(() => decodeCommands(new Uint8Array(64))).toThrow("there is no opcode 0");
    expect(() => decodeCommands(new Uint8Array(63))).toThrow("not whole commands");
  });
});

it("disassembles and documents", () => {
  const list: Command[] = [
    { kind: "loadWeights", waitLoad: 0, waitCompute: 3, waitStore: 0, memoryOffset: 256, beats: 8, firstWord: 16 },
    { kind: "end", waitLoad: 0, waitCompute: 0, waitStore: 0 },
  ];
  expect(disassembleAll(list)).toBe("0  loadWeights waitCompute=3 memoryOffset=256 beats=8 firstWord=16\n1  end\n");
  expect(commandReference()).toContain("| W6 | 23:16 | ix0 | -128..127 |");
});
