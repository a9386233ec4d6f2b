import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type CommandKind, commandKinds, layouts } from "../../host/isa/index.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";

const shapes = [
  { G: 8, M: 8, P: 7, R: 2, AXI_BITS: 128 },
  { G: 8, M: 1, P: 1, R: 1, AXI_BITS: 64 },
] as const;
type Shape = (typeof shapes)[number];

/** The first word with something illegal, by the field table and docs/HARDWARE.md section 3; undefined if all is well. */
function firstBadWord(
  kind: CommandKind,
  words: readonly number[],
  { G, M, P, R, AXI_BITS }: Shape,
): number | undefined {
  const bad: number[] = [];
  const flag = (bit: number) => kind === "compute" && ((words[0] >> bit) & 1) === 1;
  const [residual, max, upsample, accumulate, partial] = [flag(9), flag(12), flag(13), flag(14), flag(15)];
  if (kind !== "compute" && (words[0] & 0xff00) !== 0) bad.push(0);
  if ((upsample && (residual || max)) || (partial && (residual || max || upsample))) bad.push(0);
  if ((accumulate || partial) && words[8] !== 0x00010001) bad.push(8);
  if ((accumulate || partial) && words[9] % 65536 !== 1) bad.push(9);
  for (const [name, field] of Object.entries(layouts[kind].fields)) {
    const value = Math.floor(words[field.word] / 2 ** field.bit) % 2 ** field.width;
    const bank = (name === "rot0" || name === "firstBank") && value >= P;
    if (value < (field.min ?? 0) || value > (field.max ?? Number.POSITIVE_INFINITY) || bank) bad.push(field.word);
  }
  const beats = words[3];
  if (kind === "loadWeights" && beats % ((M * G * 8) / AXI_BITS) !== 0) bad.push(3);
  if (kind === "loadParameters" && beats % ((R * 128) / AXI_BITS) !== 0) bad.push(3);
  if (kind === "loadTables" && beats !== (AXI_BITS === 64 ? 512 : 256)) bad.push(3);
  return bad.length === 0 ? undefined : Math.min(...bad);
}

describe.each(shapes)("vg_command_check, G $G M $M P $P", (shape) => {
  let check: CompiledModel;
  beforeAll(async () => {
    check = await buildModule("vg_command_check", shape);
  });

  const run = (words: readonly number[]) => {
    const bench = new Clocked(check, 1);
    bench.set(
      "cmd_i",
      words.reduceRight((all, word) => (all << 32n) | BigInt(word), 0n),
    );
    for (let cycle = 0; cycle < 2; cycle++) bench.cycle();
    const bad = bench.get("bad_field_o") === 1;
    return { opcode: bench.get("bad_opcode_o") === 1, word: bad ? bench.get("bad_word_o") : undefined };
  };

  // Half-words near the limits of the fields, so that legal commands and single faults are common.
  const half = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(0x0101, 0x0201, 256, 512, 4) },
    fc.constantFrom(0, 1, 0x00ff, 0x0100, 0x7fff, 0x8000, 0xffff),
    fc.nat(0xffff),
  );
  const word = fc.tuple(half, half).map(([low, high]) => high * 65536 + low);
  const beats = fc.oneof(fc.constantFrom(256, 512), word);

  it("names the first illegal word of random commands of every kind", () => {
    const seen = new Set<string>();
    const legalFlags = new Set<number>();
    fc.assert(
      fc.property(
        fc.constantFrom(...commandKinds),
        fc.oneof(
          { weight: 5, arbitrary: fc.constant(0) },
          fc.nat(255),
          fc.constantFrom(0x02, 0x12, 0x20, 0x40, 0x80, 0xc0),
        ),
        fc.array(word, { minLength: 16, maxLength: 16 }),
        beats,
        fc.nat(0x0fffffff),
        (kind, flags, random, third, sixth) => {
          const words = [...random];
          words[0] = layouts[kind].opcode + flags * 256;
          words[3] = third;
          // Single tiles are common enough that accumulate and partial are legal.
          if (sixth % 3 === 0) [words[8], words[9]] = [0x00010001, Math.floor(words[9] / 65536) * 65536 + 1];
          // Mostly legal banks: word 6 holds rot0 in bits 27:24 and firstBank in bits 3:0.
          words[6] = sixth % 2 === 0 ? (words[6] & 0xf0fffff0) >>> 0 : words[6];
          const expected = firstBadWord(kind, words, shape);
          expect(run(words)).toEqual({ opcode: false, word: expected });
          seen.add(`${kind} ${expected ?? "legal"}`);
          if (kind === "compute" && expected === undefined) legalFlags.add(flags);
        },
      ),
      { seed: 2026, numRuns: 3000 },
    );
    for (const kind of commandKinds) expect(seen).toContain(`${kind} legal`);
    for (const bit of [4, 5, 6, 7]) expect([...legalFlags].some((flags) => ((flags >> bit) & 1) === 1)).toBe(true);
    for (const at of [0, 3, 5, 6, 7, 8, 9]) expect([...seen].some((name) => name.endsWith(` ${at}`))).toBe(true);
  });

  it("knows every opcode", () => {
    const known = new Set<number>(commandKinds.map((kind) => layouts[kind].opcode));
    for (let opcode = 0; opcode < 256; opcode++) {
      const words = new Array<number>(16).fill(0);
      words[0] = opcode;
      expect(run(words).opcode).toBe(!known.has(opcode));
    }
  });
});
