import type { ConvNode, GraphNode, PoolNode, SplitNode } from "../graph/graph.ts";

/** Options of {@link GraphWriter.conv}. */
export interface ConvOptions {
  /** Height and width of the kernel, odd (default 1); padding is (kernel - 1) / 2. */
  readonly kernel?: number;
  readonly stride?: number;
  readonly groups?: number;
  readonly relu?: boolean;
  /** Upper bound of the ReLU: 6 for a ReLU6. */
  readonly ceiling?: number;
  /** Whether batch normalisation follows (default) instead of a bias. */
  readonly batchNorm?: boolean;
}

/**
 * Writes a graph node by node, without VarGNet's blocks. Each method takes the name of the tensor that it reads and gives
 * that of the tensor it makes; channel counts are kept here.
 */
export class GraphWriter {
  readonly nodes: GraphNode[] = [];
  readonly #channels = new Map<string, number>();

  /**
   * @param input name of the network's input
   * @param channels its channels
   */
  constructor(input: string, channels: number) {
    this.#channels.set(input, channels);
  }

  /** Dense, grouped or depthwise k x k convolution. */
  conv(name: string, input: string, outputChannels: number, options: ConvOptions = {}): string {
    const { kernel = 1, stride = 1, groups = 1, relu = false, ceiling, batchNorm = true } = options;
    const node: ConvNode = {
      kind: "conv",
      name,
      input,
      outputChannels,
      groups,
      ...windowOf(kernel, stride),
      batchNorm,
      relu,
      ...(ceiling === undefined ? {} : { ceiling }),
    };
    return this.#push(node, outputChannels);
  }

  /** Depthwise 3x3 convolution. */
  depthwise(name: string, input: string, options: Omit<ConvOptions, "groups" | "kernel"> = {}): string {
    const channels = this.channelsOf(input);
    return this.conv(name, input, channels, { ...options, kernel: 3, groups: channels });
  }

  /** a + b, with or without ReLU. */
  add(name: string, a: string, b: string, relu = true): string {
    return this.#push({ kind: "add", name, inputs: [a, b], relu }, this.channelsOf(a));
  }

  /** 3x3 pooling of stride 2, padding 1. */
  pool(kind: PoolNode["kind"], name: string, input: string): string {
    return this.#push({ kind, name, input, ...windowOf(3, 2) }, this.channelsOf(input));
  }

  /** Each pixel twice in both directions. */
  upsample(name: string, input: string): string {
    return this.#push({ kind: "upsample", name, input }, this.channelsOf(input));
  }

  /** Channels of all inputs, one after another. */
  concat(name: string, inputs: readonly string[]): string {
    const channels = inputs.reduce((sum, input) => sum + this.channelsOf(input), 0);
    return this.#push({ kind: "concat", name, inputs }, channels);
  }

  /** Channel g * (C / groups) + i goes to i * groups + g. */
  shuffle(name: string, input: string, groups: number): string {
    return this.#push({ kind: "channelShuffle", name, input, groups }, this.channelsOf(input));
  }

  /** Channels `start` to `start + channels - 1`. */
  split(name: string, input: string, start: number, channels: number): string {
    const node: SplitNode = { kind: "split", name, input, start, channels };
    return this.#push(node, channels);
  }

  /** Fully connected layer with bias; `batchNorm`: with batch normalisation before and after it. */
  gemm(name: string, input: string, outputChannels: number, batchNorm = false): string {
    return this.#push(
      { kind: "gemm", name, input, outputChannels, relu: false, ...(batchNorm ? { batchNorm } : {}) },
      outputChannels,
    );
  }

  /** Global average pooling and a fully connected layer with bias. */
  classifier(input: string, classes: number): string {
    const pool = this.#push({ kind: "globalAveragePool", name: "pool", input }, this.channelsOf(input));
    return this.gemm("fc", pool, classes);
  }

  /** Channels of a tensor made so far. */
  channelsOf(tensor: string): number {
    const channels = this.#channels.get(tensor);
    if (channels === undefined) throw new Error(`no tensor '${tensor}' yet`);
    return channels;
  }

  #push(node: GraphNode, channels: number): string {
    this.nodes.push(node);
    this.#channels.set(node.name, channels);
    return node.name;
  }
}

function windowOf(kernel: number, stride: number): Pick<ConvNode, "kernel" | "stride" | "padding"> {
  const pad = (kernel - 1) / 2;
  return {
    kernel: { height: kernel, width: kernel },
    stride: { y: stride, x: stride },
    padding: { top: pad, left: pad, bottom: pad, right: pad },
  };
}
