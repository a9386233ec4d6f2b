import { Random } from "../../models/random/random.ts";
import type { Model } from "../engine/index.ts";
import { channelBits, randomEntry } from "./arithmetic.ts";
import { FeatureDma } from "./compute-dma.ts";
import type { ComputeShape, Layer } from "./compute-layer.ts";
import type { Tables } from "./compute-model.ts";

/** The memories of a vg_compute as its DMA ports reach them; tables and features start with random contents. */
export class ComputeMemories {
  readonly dma: FeatureDma;
  readonly tables: Tables;
  readonly #dut: Model;
  readonly #shape: ComputeShape;
  readonly #random: Random;

  constructor(dut: Model, shape: ComputeShape, seed: number) {
    this.#dut = dut;
    this.#shape = shape;
    this.#random = new Random(seed);
    this.dma = new FeatureDma(dut, shape);
    const table = () => Array.from({ length: 512 }, () => randomEntry(this.#random));
    this.tables = { a: table(), b: table() };
    this.#writeTables();
    this.fillFeatures(Array.from({ length: shape.FEATURE_DEPTH }, (_, address) => address));
  }

  #writeTables(): void {
    for (const name of ["a", "b"] as const) {
      this.#dut.port(`tb_we_${name}_i`).set(1);
      this.tables[name].forEach((entry, address) => {
        this.#dut.port("tb_addr_i").set(address);
        this.#dut.port(`tb_data_${name}_i`).set(entry);
        this.#dut.tick();
      });
      this.#dut.port(`tb_we_${name}_i`).set(0);
    }
  }

  /** Loads random bytes to word addresses of all banks. */
  fillFeatures(addresses: readonly number[]): void {
    const { G, P } = this.#shape;
    const words = addresses.flatMap((address) => Array.from({ length: P }, (_, bank) => address * P + bank));
    for (let at = 0; at < words.length; ) {
      let count = 1;
      while (count < this.dma.wordsPerBeat && words[at + count] === words[at] + count) count++;
      const bytes = Array.from({ length: count * G }, () => this.#random.integer(-128, 127));
      this.dma.ask("ld", words[at], count, bytes);
      this.#cycle();
      at += count;
    }
  }

  /** Compares the whole feature memory with the image. */
  checkFeatures(): void {
    const words = this.#shape.FEATURE_DEPTH * this.#shape.P;
    const step = this.dma.wordsPerBeat;
    for (let word = 0; word < words; word += step) {
      this.dma.ask("st", word, Math.min(step, words - word));
      this.#cycle();
    }
    while (!this.dma.quiet) this.#cycle();
  }

  #cycle(): void {
    this.#dut.eval();
    this.dma.sample();
    this.#dut.tick();
    this.dma.settle();
  }

  /** Loads a layer's weights and parameters. */
  loadLayer(layer: Layer): void {
    const { G, M, R } = this.#shape;
    this.#write("wt", layer.weightBase, M * G, layer.weights);
    const parameters = layer.channels.flatMap((channel) => {
      const bits = channelBits(channel);
      return Array.from({ length: 16 }, (_, i) => Number((bits >> BigInt(8 * i)) & 255n));
    });
    this.#write("pm", layer.parameterBase, 16 * R, parameters);
  }

  #write(name: "wt" | "pm", base: number, wordBytes: number, bytes: ArrayLike<number>): void {
    const beat = this.#shape.AXI_BITS / 8;
    const port = (suffix: string) => this.#dut.port(`${name}_${suffix}_i`);
    port("we").set(1);
    for (let at = 0; at < bytes.length; at += beat) {
      port("addr").set(base + Math.floor(at / wordBytes));
      port("slice").set((at % wordBytes) / beat);
      for (let i = 0; i < beat; i++) port("data").setBits(8 * i, 8, bytes[at + i]);
      this.#dut.tick();
    }
    port("we").set(0);
  }
}
