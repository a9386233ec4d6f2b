import { type Problem, VargenError } from "../errors.ts";
import { GraphWriter } from "./writer.ts";

/** Options of {@link BlockLibrary.sep}. */
export interface SepOptions {
  readonly stride?: number;
  readonly relu?: boolean;
  /** e: outputs of the group convolution per input channel (default 2). */
  readonly expansion?: number;
}

/**
 * The blocks of VarGNet beside the plain nodes. Each method takes the name of the tensor that it reads and gives that of
 * the tensor it makes. All convolutions of the blocks have batch normalisation.
 */
export class BlockLibrary extends GraphWriter {
  readonly #group: number;
  readonly #problems: Problem[] = [];

  /**
   * @param group G: input channels of every group of a group convolution
   * @param input name of the network's input
   * @param channels its channels
   */
  constructor(group: number, input: string, channels: number) {
    super(input, channels);
    this.#group = group;
  }

  /** sep: 3x3 group convolution C -> eC with ReLU, then 1x1 convolution eC -> outputs. */
  sep(name: string, input: string, outputs: number, options: SepOptions = {}): string {
    const { stride = 1, relu = false, expansion = 2 } = options;
    const channels = this.channelsOf(input);
    if (channels % this.#group !== 0) this.#reportGroup(name, channels);
    const groups = Math.max(1, Math.floor(channels / this.#group));
    const wide = this.conv(`${name}.group`, input, expansion * channels, { kernel: 3, stride, groups, relu: true });
    return this.conv(`${name}.point`, wide, outputs, { relu });
  }

  /** Normal block: ReLU(sep_b(ReLU(sep_a(x))) + x); shape kept. */
  normal(block: string, input: string): string {
    const channels = this.channelsOf(input);
    const a = this.sep(`${block}/sep_a`, input, channels, { relu: true });
    return this.add(`${block}/add`, this.sep(`${block}/sep_b`, a, channels), input);
  }

  /** Down block, C -> 2C at half the size: ReLU(sep_c(ReLU(sep_a(x) + sep_b(x))) + shortcut(x)). */
  down(block: string, input: string): string {
    const outputs = 2 * this.channelsOf(input);
    const a = this.sep(`${block}/sep_a`, input, outputs, { stride: 2 });
    const b = this.sep(`${block}/sep_b`, input, outputs, { stride: 2 });
    const c = this.sep(`${block}/sep_c`, this.add(`${block}/add_ab`, a, b), outputs);
    return this.add(`${block}/add`, c, this.sep(`${block}/shortcut`, input, outputs, { stride: 2 }));
  }

  /** Head block of v2 (e = 1), channels kept at half the size: ReLU(sep_b(ReLU(sep_a(x))) + shortcut(x)). */
  head(block: string, input: string): string {
    const channels = this.channelsOf(input);
    const a = this.sep(`${block}/sep_a`, input, channels, { stride: 2, relu: true, expansion: 1 });
    const b = this.sep(`${block}/sep_b`, a, channels, { expansion: 1 });
    return this.add(`${block}/add`, b, this.sep(`${block}/shortcut`, input, channels, { stride: 2, expansion: 1 }));
  }

  /** @throws VargenError if G does not divide some group convolution's channels */
  check(): void {
    if (this.#problems.length > 0) throw new VargenError(this.#problems);
  }

  #reportGroup(name: string, channels: number): void {
    const fitting = [4, 8, 16].filter((group) => channels % group === 0);
    const smaller = fitting.length > 0 ? `use G = ${fitting.join(" or ")}, or ` : "";
    this.#problems.push({
      code: "network/group",
      path: `${name}.group`,
      message: `G = ${this.#group} does not divide its ${channels} input channels`,
      hint: `${smaller}a scale that is a multiple of ${this.#group / 32}`,
    });
  }
}
