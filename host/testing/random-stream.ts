import type { HwConfig } from "../../hdl-gen/index.ts";
import { Random } from "../../models/random/random.ts";
import { Geometry } from "../compiler/geometry.ts";
import { COMMAND_BYTES, type Command, type CommandOf, type Engine, engineOf } from "../isa/index.ts";
import type { Sheet } from "./command-sheet.ts";

/** Bytes of DRAM that random transfers move; the commands lie behind. */
const DATA_BYTES = 1 << 15;

/**
 * A random stream of legal commands in every combination of kinds, sizes, flags and waits: for what takes time, not for its
 * values. Some follow END.
 */
export function randomStream(config: HwConfig, seed: number, length: number): Omit<Sheet, "result"> {
  const random = new Random(seed);
  const maker = new CommandMaker(config, random);
  const issued: Record<Engine, number> = { load: 0, compute: 0, store: 0 };
  // Mostly few of the engines' waits, or mostly all.
  const strict = random.real();
  const wait = (engine: Engine): number =>
    random.real() < strict ? Math.max(0, issued[engine] - random.integer(0, 3)) : 0;
  const withWaits = (command: Command): Command => {
    const waits = { waitLoad: wait("load"), waitCompute: wait("compute"), waitStore: wait("store") };
    const engine = engineOf(command.kind);
    if (engine !== undefined) issued[engine]++;
    return { ...command, ...waits };
  };
  const commands: Command[] = [];
  while (commands.length < length) commands.push(...maker.some().map(withWaits));
  commands.push(withWaits({ kind: "end", ...noWaits }));
  for (let behind = random.integer(-6, 6); behind > 0; behind--) commands.push(...maker.some());
  const commandBytes = Math.ceil((commands.length * COMMAND_BYTES) / 64) * 64;
  return { config, commands, dram: new Uint8Array(DATA_BYTES + commandBytes), commandOffset: DATA_BYTES };
}

const noWaits = { waitLoad: 0, waitCompute: 0, waitStore: 0 };

class CommandMaker {
  readonly #geometry: Geometry;
  readonly #random: Random;

  constructor(config: HwConfig, random: Random) {
    this.#geometry = new Geometry(config);
    this.#random = random;
  }

  /** One command; of a sum in two parts both. */
  some(): Command[] {
    const random = this.#random;
    switch (random.integer(0, 9)) {
      case 0:
      case 1:
        return [this.#features("loadFeatures")];
      case 2:
      case 3:
        return [this.#features("storeFeatures")];
      case 4:
        return [this.#words("loadWeights")];
      case 5:
        return [random.real() < 0.1 ? this.#tables() : this.#words("loadParameters")];
      case 6:
        return [this.#compute({ ...one, partial: 1 }), this.#compute({ ...one, accumulate: 1 })];
      default:
        return [this.#compute(this.#flags())];
    }
  }

  #offset(beats: number): number {
    const { beatBytes } = this.#geometry;
    return this.#random.integer(0, DATA_BYTES / beatBytes - beats) * beatBytes;
  }

  #features(kind: "loadFeatures" | "storeFeatures"): Command {
    const random = this.#random;
    const { banks, beatWords, config } = this.#geometry;
    const columns = random.integer(1, random.real() < 0.5 ? 4 : Math.min(90, banks * (config.featureDepth - 1)));
    const lines = random.integer(1, random.real() < 0.5 ? 3 : 20);
    const memoryOffset = this.#offset(lines * Math.ceil(columns / beatWords));
    const place = { base: 0, lineStride: 0, linesPerRow: 1, rowStride: 0, firstBank: random.integer(0, banks - 1) };
    return { kind, ...noWaits, memoryOffset, lines, columns, ...place };
  }

  #words(kind: "loadWeights" | "loadParameters"): Command {
    const { weightWordBytes, parameterWordBytes, beatBytes, config } = this.#geometry;
    const weights = kind === "loadWeights";
    const words = this.#random.integer(1, Math.min(12, weights ? config.weightDepth : config.parameterDepth));
    const beats = (words * (weights ? weightWordBytes : parameterWordBytes)) / beatBytes;
    return { kind, ...noWaits, memoryOffset: this.#offset(beats), beats, firstWord: 0 };
  }

  #tables(): Command {
    const beats = this.#geometry.beatBytes === 8 ? 512 : 256;
    return { kind: "loadTables", ...noWaits, memoryOffset: this.#offset(beats), beats, bank: 0 };
  }

  #flags(): Partial<CommandOf<"compute">> {
    const random = this.#random;
    const residual = random.integer(0, 1);
    const max = residual * random.integer(0, 1);
    const upsample = random.real() < 0.2 ? 1 - residual : 0;
    const large = random.real() < 0.3;
    const sizes = { tiles: random.integer(1, large ? 12 : 3), rows: random.integer(1, large ? 5 : 2) };
    return { residual, max, upsample, ...sizes, blocks: random.integer(1, 2) };
  }

  #compute(fields: Partial<CommandOf<"compute">>): Command {
    const random = this.#random;
    const channelGroups = random.integer(1, random.real() < 0.2 ? 16 : 3);
    const kernel = random.real() < 0.3 ? 3 : 1;
    return {
      kind: "compute",
      ...noWaits,
      ...{ stride2: random.integer(0, 1), residual: 0, weightHold: 1, tableBank: 0, max: 0, upsample: 0 },
      ...{ accumulate: 0, partial: 0, inBase: 0, inRowStride: 0, inCgStride: 0, inGroupStride: 0, ringEnd: 0 },
      ...{ ringSize: 0, inWidth: 1 + random.integer(0, this.#geometry.banks), inHeight: 2, iy0: 0, ix0: 0, rot0: 0 },
      ...{ q0: 0, kernelWidth: kernel, kernelHeight: kernel, channelGroups, ...one, blocksPerGroup: 1, xZero: 0 },
      ...{ weightBase: 0, weightBlockStride: 0, parameterBase: 0, residualBase: 0, outBase: 0, outRowStride: 0 },
      ...{ outCgStride: 1, residualRowStride: 0, residualCgStride: 1, z1: 0, z2: 0, lo1: -128, hi1: 127 },
      ...{ lo2: -128, hi2: 127, ...fields },
    };
  }
}

const one = { blocks: 1, rows: 1, tiles: 1 };
