import { type Activations, type Network, tensorOf } from "../../models/ir/network.ts";

/** A value of the RTL that is not the reference's. */
export interface Mismatch {
  /** Number of the input, from 0. */
  readonly input: number;
  /** The layer that makes the value. */
  readonly layer: string;
  readonly channel: number;
  readonly row: number;
  readonly column: number;
  readonly expected: number;
  readonly got: number;
}

/** Result of comparing the tensors of one or more runs. */
export interface Comparison {
  readonly comparedValues: number;
  readonly mismatches: number;
  /** In the order of the layers. */
  readonly first: Mismatch | undefined;
}

/** Compared values and mismatches by layer, and in all. */
export class Comparator {
  readonly #network: Network;
  readonly #counts = new Map<string, { comparedValues: number; mismatches: number }>();
  first: Mismatch | undefined;

  constructor(network: Network) {
    this.#network = network;
  }

  /** Compares every value of every tensor that a run left with the reference's. @param input number of the input */
  add(expected: ReadonlyMap<string, Activations>, got: ReadonlyMap<string, Activations>, input: number): void {
    for (const layer of this.#network.layers) {
      const [wanted, values] = [expected.get(layer.output), got.get(layer.output)];
      if (wanted === undefined || values === undefined) continue;
      const count = this.of(layer.name);
      count.comparedValues += wanted.length;
      for (let index = 0; index < wanted.length; index++) {
        if (wanted[index] === values[index]) continue;
        count.mismatches++;
        this.first ??= this.#locate(layer.name, layer.output, index, wanted[index], values[index], input);
      }
    }
  }

  /** Counts of one layer. */
  of(layer: string): { comparedValues: number; mismatches: number } {
    const count = this.#counts.get(layer) ?? { comparedValues: 0, mismatches: 0 };
    this.#counts.set(layer, count);
    return count;
  }

  get total(): Comparison {
    let [comparedValues, mismatches] = [0, 0];
    for (const count of this.#counts.values()) {
      comparedValues += count.comparedValues;
      mismatches += count.mismatches;
    }
    return { comparedValues, mismatches, first: this.first };
  }

  #locate(layer: string, tensor: string, index: number, expected: number, got: number, input: number): Mismatch {
    const { height, width } = tensorOf(this.#network, tensor).shape;
    const row = Math.floor(index / width) % height;
    return { input, layer, channel: Math.floor(index / (height * width)), row, column: index % width, expected, got };
  }
}

/** `layer x: channel 1, row 2, column 3: expected 4, got 5`. */
export function formatMismatch({ input, layer, channel, row, column, expected, got }: Mismatch): string {
  return `input ${input}, layer ${layer}: channel ${channel}, row ${row}, column ${column}: expected ${expected}, got ${got}`;
}
