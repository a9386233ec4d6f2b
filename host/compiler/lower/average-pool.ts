import { VargenError } from "../../../models/errors.ts";
import type { AveragePoolLayer, TensorInfo } from "../../../models/ir/network.ts";
import { averageFactor } from "../../arithmetic/index.ts";
import type { ChannelConstants } from "./channels.ts";
import { commonStride, int8ZeroPoint } from "./frame.ts";
import type { LogicalOperation, Pass } from "./operation.ts";
import { onePass } from "./passes.ts";
import { channelwise } from "./pool.ts";

/** Consecutive outputs whose windows cover the same number of pixels of the map. */
interface Run {
  readonly range: readonly [number, number];
  readonly pixels: number;
}

/**
 * The mean of a window. Where padding does not count, the divisor differs at the borders. Rows with another divisor have passes of
 * their own. Columns are told apart by a maximum: the pass for inner columns takes padding as the least value, so that it gives too
 * little at the borders; the one for border columns as the greatest, with a bias that is right at the borders, so that it gives too
 * little inside (a mean is at most the greatest value).
 *
 * @throws VargenError for scales at which float32 errors decide a result, and for windows with three divisors in a row
 */
export function lowerAveragePool(layer: AveragePoolLayer, input: TensorInfo, output: TensorInfo): LogicalOperation {
  const { name, kernel, padding } = layer;
  const stride = commonStride(layer, output);
  const passes = new AveragePasses(layer, input, output).passes(stride);
  return {
    ...channelwise(name, input, output),
    kernel,
    stride,
    padding: { top: padding.top, left: padding.left },
    passes,
    drain: passes.some(({ max }) => max) ? "max" : "store",
  };
}

class AveragePasses {
  readonly #layer: AveragePoolLayer;
  readonly #input: TensorInfo;
  readonly #output: TensorInfo;
  readonly #taps: number;
  /** One object for equal constants, which are loaded once. */
  readonly #known = new Map<string, Pick<Pass, "constants" | "z1">>();

  constructor(layer: AveragePoolLayer, input: TensorInfo, output: TensorInfo) {
    this.#layer = layer;
    this.#input = input;
    this.#output = output;
    this.#taps = layer.kernel.height * layer.kernel.width;
  }

  passes(stride: number): readonly Pass[] {
    const { kernel, padding, countIncludePad } = this.#layer;
    const [from, to] = [this.#input.shape, this.#output.shape];
    const zero = int8ZeroPoint(this.#input);
    if (countIncludePad) return [this.#pass([0, to.height], this.#taps, this.#taps, zero, false)];
    const columns = new Set(runs(to.width, stride, padding.left, kernel.width, from.width).map(({ pixels }) => pixels));
    const [most, least, ...others] = [...columns].sort((a, b) => b - a);
    if (others.length > 0) this.#refuseDivisors(columns.size);
    return runs(to.height, stride, padding.top, kernel.height, from.height).flatMap(({ range, pixels }) => {
      const inner = pixels * most;
      if (least === undefined) return [this.#pass(range, inner, inner, zero, false)];
      return [
        this.#pass(range, inner, inner, -128, false),
        this.#pass(range, pixels * least, pixels * least, 127, true),
      ];
    });
  }

  /** @param pixels of the map that the windows in question cover @param xZero what their other taps read */
  #pass(rows: Pass["rows"], pixels: number, divisor: number, xZero: number, max: boolean): Pass {
    const key = `${pixels}/${divisor}/${xZero}`;
    const constants = this.#known.get(key) ?? this.#constants(pixels, divisor, xZero);
    this.#known.set(key, constants);
    const [pass] = onePass(this.#output.shape, this.#layer.kernel, { xZero, ...constants });
    return { ...pass, rows, max };
  }

  #constants(
    pixels: number,
    divisor: number,
    xZero: number,
  ): { readonly constants: ChannelConstants; readonly z1: number } {
    const { channels } = this.#input.shape;
    const window = { input: this.#input.quantization, output: this.#output.quantization, values: pixels, divisor };
    const factor = averageFactor(window);
    if ("ambiguous" in factor) throw this.#ambiguous(factor.ambiguous, divisor);
    const correction = int8ZeroPoint(this.#input) * pixels + xZero * (this.#taps - pixels);
    const bias = new Int32Array(channels).fill(factor.offset - correction);
    return { constants: { scales: new Array<bigint>(channels).fill(factor.scale), bias }, z1: factor.z1 };
  }

  #refuseDivisors(count: number): never {
    const message = `windows of a row cover ${count} different numbers of columns, as padding is not counted`;
    const hint = "at most 2 run on the array: use a smaller kernel, less padding, or count_include_pad = 1";
    throw new VargenError([{ code: "compile/average-divisors", path: this.#layer.name, message, hint }]);
  }

  #ambiguous(sum: number, divisor: number): VargenError {
    const { scale } = this.#input.quantization;
    const message = `the mean ${sum} / ${divisor} is so near a tie that float32 errors decide how the operator rounds it`;
    const hint = `quantise the output as the input, with a scale of few significant bits (here ${scale}), or at another scale`;
    return new VargenError([{ code: "compile/average-tie", path: this.#layer.name, message, hint }]);
  }
}

/** How many pixels the windows along one axis cover, for runs of outputs. */
function runs(outputs: number, stride: number, before: number, kernel: number, extent: number): readonly Run[] {
  const result: Run[] = [];
  for (let at = 0; at < outputs; at++) {
    const first = at * stride - before;
    const pixels = Math.min(first + kernel, extent) - Math.max(first, 0);
    const last = result[result.length - 1];
    if (last?.pixels === pixels) result[result.length - 1] = { pixels, range: [last.range[0], at + 1] };
    else result.push({ pixels, range: [at, at + 1] });
  }
  return result;
}
