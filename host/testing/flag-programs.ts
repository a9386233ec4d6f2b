import type { HwConfig } from "../../hdl-gen/index.ts";
import { requantize } from "../../models/arithmetic/index.ts";
import type { FeatureShape } from "../../models/ir/network.ts";
import { Random } from "../../models/random/random.ts";
import type { ComputeCommand } from "../isa/index.ts";
import { CommandSheet, type Resident, type Sheet } from "./command-sheet.ts";

/** A program and the tensor (int8, NCHW) that it must leave. */
export interface FlagProgram {
  readonly sheet: Sheet;
  readonly expected: Int8Array;
}

/** A sheet with a random tensor and the weights and parameters of an identity over its channels. */
class IdentitySheet extends CommandSheet {
  readonly values: Int8Array;
  readonly input: Resident;
  readonly blocks: number;

  constructor(config: HwConfig, random: Random, height: number, width: number, scale = 1) {
    super(config);
    const { lanes, blockChannels } = this.geometry;
    const channels = 2 * Math.max(lanes, blockChannels);
    this.values = Int8Array.from({ length: channels * height * width }, () => random.integer(-128, 127));
    this.input = this.load({ channels, height, width }, this.values);
    this.blocks = channels / blockChannels;
    const groups = channels / lanes;
    const weights = new Int8Array(this.blocks * groups * blockChannels * lanes);
    for (let channel = 0; channel < channels; channel++) {
      const word = Math.floor(channel / blockChannels) * groups + Math.floor(channel / lanes);
      weights[(word * blockChannels + (channel % blockChannels)) * lanes + (channel % lanes)] = 1;
    }
    this.loadWeights(0, weights);
    this.loadParameters(Array.from({ length: channels }, () => ({ scale, bias: 0 })));
  }

  /** A tensor by a function of its place. */
  expected({ channels, height, width }: FeatureShape, at: (c: number, y: number, x: number) => number): Int8Array {
    return Int8Array.from({ length: channels * height * width }, (_, i) =>
      at(Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width),
    );
  }

  /** An input value; `outside` where there is none. */
  at(c: number, y: number, x: number, outside = 0): number {
    const { height, width } = this.input.shape;
    if (y < 0 || y >= height || x < 0 || x >= width) return outside;
    return this.values[(c * height + y) * width + x];
  }
}

/** Max pooling, a command per tap; padding 1 at the top and left, so that windows overhang on every side. */
export function maxPoolProgram(config: HwConfig, kernel: number, stride: 1 | 2, seed: number): FlagProgram {
  const random = new Random(seed);
  const sheet = new IdentitySheet(config, random, random.integer(2, 6), random.integer(2, 2 * config.pixelLanes + 2));
  const { channels, height, width } = sheet.input.shape;
  const shape = { channels, height: Math.ceil(height / stride), width: Math.ceil(width / stride) };
  const output = sheet.place(shape);
  for (let tap = 0; tap < kernel * kernel; tap++) {
    const [iy0, ix0] = [Math.floor(tap / kernel) - 1, (tap % kernel) - 1];
    const first = tap === 0 ? 0 : 1;
    const flags = { stride2: stride - 1, residual: first, max: first };
    sheet.compute(sheet.input, output, sheet.blocks, { ...flags, iy0, ix0, xZero: -128, waitCompute: sheet.computes });
  }
  const expected = sheet.expected(shape, (c, y, x) => {
    const window = Array.from({ length: kernel * kernel }, (_, tap) =>
      sheet.at(c, y * stride + Math.floor(tap / kernel) - 1, x * stride + (tap % kernel) - 1, -128),
    );
    return Math.max(...window);
  });
  return { sheet: sheet.store(output), expected };
}

/** Sums over whole maps: rows by the taps, columns by the drain. */
export function columnSumProgram(config: HwConfig, seed: number): FlagProgram {
  const random = new Random(seed);
  const [height, width] = [random.integer(1, 5), random.integer(1, config.pixelLanes)];
  const scale = Math.fround(1 / (2 * Math.sqrt(height * width)));
  const sheet = new IdentitySheet(config, random, height, width, scale);
  const shape = { ...sheet.input.shape, height: 1, width: 1 };
  const output = sheet.place(shape);
  sheet.compute(sheet.input, output, sheet.blocks, { max: 1, weightHold: 1, kernelHeight: height });
  const expected = sheet.expected(shape, (c) => {
    let sum = 0;
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) sum += sheet.at(c, y, x);
    return requantize(sum, scale, 0, -128, 127);
  });
  return { sheet: sheet.store(output), expected };
}

/** Nearest upsampling: columns by the flag, rows by two commands. */
export function upsampleProgram(config: HwConfig, seed: number): FlagProgram {
  const random = new Random(seed);
  const sheet = new IdentitySheet(config, random, random.integer(1, 4), random.integer(1, 2 * config.pixelLanes + 2));
  const { channels, height, width } = sheet.input.shape;
  const shape = { channels, height: 2 * height, width: 2 * width };
  const output = sheet.place(shape, 2 * sheet.input.lineWords);
  const rowWords = sheet.geometry.channelGroups(channels) * output.lineWords;
  for (const odd of [0, 1]) {
    const rows = { rows: height, outBase: output.base + odd * rowWords, outRowStride: 2 * rowWords };
    sheet.compute(sheet.input, output, sheet.blocks, { ...rows, upsample: 1, tiles: sheet.input.lineWords });
  }
  const expected = sheet.expected(shape, (c, y, x) => sheet.at(c, y >> 1, x >> 1));
  return { sheet: sheet.store(output), expected };
}

/** Any function of one value: the tables' TA alone, with the input itself as the resident tensor that does not matter. */
export function unaryProgram(config: HwConfig, seed: number): FlagProgram {
  const random = new Random(seed);
  const sheet = new IdentitySheet(config, random, random.integer(1, 4), random.integer(1, 2 * config.pixelLanes + 2));
  const map = Int8Array.from({ length: 256 }, () => random.integer(-128, 127));
  const z2 = random.integer(-128, 127);
  sheet.loadTables(
    Float64Array.from(map, (value) => (value - z2) * 2 ** 25),
    new Float64Array(256),
  );
  const output = sheet.place(sheet.input.shape);
  sheet.compute(sheet.input, output, sheet.blocks, { residual: 1, z2 });
  const expected = sheet.expected(sheet.input.shape, (c, y, x) => map[sheet.at(c, y, x) + 128]);
  return { sheet: sheet.store(output), expected };
}

/**
 * One block of a fully connected layer whose weights come in parts through two halves of a small buffer: partial,
 * accumulate + partial, ..., accumulate; the last also takes the greater of it and what the first block left, if asked.
 */
export function longSumProgram(config: HwConfig, parts: number, max: boolean, seed: number): FlagProgram {
  const random = new Random(seed);
  const sheet = new CommandSheet(config);
  const { lanes, blockChannels } = sheet.geometry;
  const depth = 3; // channel groups of a part
  const channels = parts * depth * lanes;
  const values = Int8Array.from({ length: channels }, () => random.integer(-128, 127));
  const input = sheet.load({ channels, height: 1, width: 1 }, values);
  const outputs = Math.max(lanes, blockChannels);
  const start = Int8Array.from({ length: outputs }, () => random.integer(-128, 127));
  const output = sheet.load({ channels: outputs, height: 1, width: 1 }, start);
  const scale = Math.fround(1 / (40 * Math.sqrt(channels)));
  const parameters = Array.from({ length: blockChannels }, () => ({ scale, bias: random.integer(-9999, 9999) }));
  sheet.loadParameters(parameters);
  const sums = new Int32Array(blockChannels);
  const partBytes = depth * blockChannels * lanes;
  for (let part = 0; part < parts; part++) {
    const weights = Int8Array.from({ length: partBytes }, () => random.integer(-127, 127));
    const weightBase = (part % 2) * depth;
    sheet.loadWeights(weightBase, weights, Math.max(0, part - 1));
    const last = part === parts - 1;
    const flags: Partial<ComputeCommand> = {
      accumulate: Number(part > 0),
      partial: Number(!last),
      ...(last && max ? { residual: 1, max: 1 } : {}),
    };
    const piece = { ...input, base: input.base + part * depth * input.lineWords };
    sheet.compute(piece, output, 1, { ...flags, weightBase, channelGroups: depth });
    weights.forEach((weight, i) => {
      const [word, m, lane] = [Math.floor(i / lanes / blockChannels), Math.floor(i / lanes) % blockChannels, i % lanes];
      sums[m] += weight * values[(part * depth + word) * lanes + lane];
    });
  }
  const expected = start.map((old, m) => {
    if (m >= blockChannels) return old;
    const made = requantize(sums[m] + parameters[m].bias, scale, 0, -128, 127);
    return max ? Math.max(old, made) : made;
  });
  return { sheet: sheet.store(output), expected };
}
