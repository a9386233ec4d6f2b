import fc from "fast-check";
import type { Command, FeatureTransfer } from "../../host/isa/index.ts";
import { DRAM, dumpAll, end, fillAll, fixtureCompute, lineTransfer, noWaits } from "./dma-commands.ts";
import { beatsOf, type DmaShape, placedWords } from "./dma-model.ts";
import { withWaits } from "./dma-waits.ts";

/** A random feature transfer that stays within the feature memory. */
function transferOf(shape: DmaShape, kind: "loadFeatures" | "storeFeatures"): fc.Arbitrary<FeatureTransfer> {
  const { beatBytes } = beatsOf(shape);
  const depth = shape.FEATURE_DEPTH;
  const stride = fc.integer({ min: -depth / 2, max: depth / 2 }).map((value) => value & 0xffff);
  return fc
    .record({
      beat: fc.nat((1 << 15) / beatBytes),
      lines: fc.integer({ min: 1, max: 6 }),
      columns: fc.integer({ min: 1, max: 3 * shape.P }),
      base: fc.nat(depth - 1),
      lineStride: stride,
      linesPerRow: fc.integer({ min: 1, max: 7 }),
      rowStride: stride,
      firstBank: fc.nat(shape.P - 1),
    })
    .map(({ beat, ...fields }) => {
      const memoryOffset = beat * beatBytes + (kind === "loadFeatures" ? 0 : DRAM.stores);
      const transfer = lineTransfer(kind, { ...fields, memoryOffset });
      const fits = placedWords(shape, transfer).every(({ addr }) => addr < depth);
      return fits ? transfer : { ...transfer, lines: 1, base: fields.base % (depth - 3) };
    });
}

function wordLoad(shape: DmaShape, kind: "loadWeights" | "loadParameters"): fc.Arbitrary<Command> {
  const { beatBytes, weightSlices, parameterSlices } = beatsOf(shape);
  const [depth, slices] =
    kind === "loadWeights" ? [shape.WEIGHT_DEPTH, weightSlices] : [shape.PARAMETER_DEPTH, parameterSlices];
  return fc.tuple(fc.nat(depth - 1), fc.nat(depth - 1), fc.nat((1 << 15) / beatBytes)).map(([a, b, beat]) => ({
    kind,
    ...noWaits,
    memoryOffset: beat * beatBytes,
    beats: (Math.abs(a - b) + 1) * slices,
    firstWord: Math.min(a, b),
  }));
}

function copyOf(shape: DmaShape): fc.Arbitrary<Command> {
  const { weightSlices, parameterSlices, tableSlices } = beatsOf(shape);
  const sizes = [1, shape.WEIGHT_DEPTH * weightSlices, shape.PARAMETER_DEPTH * parameterSlices, 512 * tableSlices];
  return fc.record({ kind: fc.nat(3), stall: fc.nat(3), rows: fc.nat(15), from: fc.nat(), to: fc.nat() }).map((raw) => {
    const rows = raw.kind === 0 ? raw.rows + 1 : Math.min(raw.rows + 1, sizes[raw.kind]);
    const weightBase = raw.from % (sizes[raw.kind] - (raw.kind === 0 ? 0 : rows - 1));
    const outBase = raw.to % (shape.FEATURE_DEPTH - rows + 1);
    return fixtureCompute({ inBase: raw.kind, inRowStride: raw.stall, rows, weightBase, outBase });
  });
}

/** Random programs: every memory is filled, random transfers and copies, everything is stored, END. */
export function programs(shape: DmaShape, maxLength: number): fc.Arbitrary<Command[]> {
  const one = fc.oneof(
    { weight: 4, arbitrary: transferOf(shape, "loadFeatures") },
    { weight: 4, arbitrary: transferOf(shape, "storeFeatures") },
    { weight: 1, arbitrary: wordLoad(shape, "loadWeights") },
    { weight: 1, arbitrary: wordLoad(shape, "loadParameters") },
    { weight: 3, arbitrary: copyOf(shape) },
  );
  return fc
    .tuple(fc.array(one, { maxLength }), fc.array(fc.nat(100), { minLength: 1, maxLength: 30 }))
    .map(([middle, extra]) => withWaits(shape, [...fillAll(shape), ...middle, dumpAll(shape), end], extra));
}
