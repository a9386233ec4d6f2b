import type { Command, CommandOf, FeatureTransfer } from "../../host/isa/index.ts";

/** Parameters of the accelerator that the DMA side depends on. */
export interface DmaShape {
  readonly G: number;
  readonly M: number;
  readonly P: number;
  readonly R: number;
  readonly AXI_BITS: number;
  readonly FEATURE_DEPTH: number;
  readonly WEIGHT_DEPTH: number;
  readonly PARAMETER_DEPTH: number;
}

/** Derived sizes of a shape, in bytes and beats. */
export function beatsOf(shape: DmaShape) {
  const beatBytes = shape.AXI_BITS / 8;
  return {
    beatBytes,
    wordsPerBeat: beatBytes / shape.G,
    weightSlices: (shape.M * shape.G) / beatBytes,
    parameterSlices: (shape.R * 16) / beatBytes,
    tableSlices: shape.AXI_BITS === 64 ? 2 : 1,
  };
}

/** One feature word of a transfer: where it is on chip and in DRAM. */
export interface PlacedWord {
  readonly bank: number;
  readonly addr: number;
  /** Bytes from the transfer's memoryOffset. */
  readonly offset: number;
}

/** Every word that a feature transfer moves, in order; docs/HARDWARE.md section 3. */
export function placedWords(shape: DmaShape, transfer: FeatureTransfer): PlacedWord[] {
  const { beatBytes, wordsPerBeat } = beatsOf(shape);
  const lineBytes = Math.ceil(transfer.columns / wordsPerBeat) * beatBytes;
  const words: PlacedWord[] = [];
  let row = transfer.base;
  let line = row;
  for (let index = 0; index < transfer.lines; index++) {
    if (index > 0 && index % transfer.linesPerRow === 0) {
      row = (row + transfer.rowStride) & 0xffff;
      line = row;
    } else if (index > 0) line = (line + transfer.lineStride) & 0xffff;
    for (let column = 0; column < transfer.columns; column++) {
      const position = transfer.firstBank + column;
      const addr = line + Math.floor(position / shape.P);
      words.push({ bank: position % shape.P, addr, offset: index * lineBytes + column * shape.G });
    }
  }
  return words;
}

/** The DMA side run one command after the other, with `fixtures/vg_compute.v` as the compute engine. */
export class DmaModel {
  readonly shape: DmaShape;
  readonly dram: Uint8Array;
  readonly #features: Uint8Array;
  /** Weights, parameters and tables as the beats that were loaded. */
  readonly #beats: Readonly<Record<1 | 2 | 3, Uint8Array>>;

  constructor(shape: DmaShape, dram: Uint8Array) {
    this.shape = shape;
    this.dram = dram;
    const { beatBytes, weightSlices, parameterSlices, tableSlices } = beatsOf(shape);
    this.#features = new Uint8Array(shape.P * shape.FEATURE_DEPTH * shape.G);
    this.#beats = {
      1: new Uint8Array(shape.WEIGHT_DEPTH * weightSlices * beatBytes),
      2: new Uint8Array(shape.PARAMETER_DEPTH * parameterSlices * beatBytes),
      3: new Uint8Array(512 * tableSlices * beatBytes),
    };
  }

  execute(command: Command): void {
    const { beatBytes, weightSlices, parameterSlices, tableSlices } = beatsOf(this.shape);
    switch (command.kind) {
      case "loadFeatures":
      case "storeFeatures":
        this.#transfer(command);
        break;
      case "loadWeights":
        this.#beats[1].set(this.#source(command), command.firstWord * weightSlices * beatBytes);
        break;
      case "loadParameters":
        this.#beats[2].set(this.#source(command), command.firstWord * parameterSlices * beatBytes);
        break;
      case "loadTables": {
        const source = this.#source(command).slice();
        // Only bits 35:0 (and 99:64) of a beat are kept.
        source.forEach((byte, index) => {
          const at = index % beatBytes;
          const used = at < 16 ? at % 8 : 7;
          source[index] = used < 4 ? byte : used === 4 ? byte & 15 : 0;
        });
        this.#beats[3].set(source, command.bank * 256 * tableSlices * beatBytes);
        break;
      }
      case "compute":
        this.#copy(command);
        break;
      case "end":
        break;
    }
  }

  #source(command: { readonly memoryOffset: number; readonly beats: number }): Uint8Array {
    const bytes = (command.beats * this.shape.AXI_BITS) / 8;
    return this.dram.subarray(command.memoryOffset, command.memoryOffset + bytes);
  }

  #transfer(command: FeatureTransfer): void {
    const { G, P } = this.shape;
    for (const { bank, addr, offset } of placedWords(this.shape, command)) {
      const chip = (addr * P + bank) * G;
      const at = command.memoryOffset + offset;
      if (command.kind === "loadFeatures") this.#features.set(this.dram.subarray(at, at + G), chip);
      else this.dram.set(this.#features.subarray(chip, chip + G), at);
    }
  }

  #copy(command: CommandOf<"compute">): void {
    const kind = command.inBase & 3;
    if (kind !== 1 && kind !== 2 && kind !== 3) return;
    const { beatBytes } = beatsOf(this.shape);
    for (let beat = 0; beat < command.rows; beat++) {
      const from = (command.weightBase + beat) * beatBytes;
      this.#features.set(
        this.#beats[kind].subarray(from, from + beatBytes),
        (command.outBase + beat) * this.shape.P * this.shape.G,
      );
    }
  }
}
