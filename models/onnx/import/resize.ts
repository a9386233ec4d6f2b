import { mapDims, materialize, viewOf } from "./materialize.ts";
import type { ImportNode } from "./node.ts";
import type { View } from "./value.ts";
import { applyView } from "./views.ts";

/** Resize (opset 11 on: inputs x, roi, scales, sizes), and Upsample and Resize of opset 10 (x, scales). */
export function readResize(node: ImportNode): void {
  const mode = node.text("mode", "nearest");
  if (mode !== "nearest") {
    node.report("attribute", `attribute mode is '${mode}'`, "only nearest neighbours are supported");
    return;
  }
  applyView(node, (view) => {
    if (node.map(view) === undefined) return undefined;
    const factors = factorsOf(node, view);
    if (factors === undefined) return undefined;
    const [height, width] = factors;
    const doublings = Math.log2(height);
    if (height !== width || !Number.isInteger(doublings) || doublings < 0 || doublings > 6)
      return node.report("attribute", `it scales by ${height} x ${width}`, "only doubling (2 x 2, 4 x 4) is supported");
    return isPlain(node, view.dims[2], height) && isPlain(node, view.dims[3], width)
      ? doubled(node, view, doublings)
      : undefined;
  });
}

function doubled(node: ImportNode, view: View, doublings: number): View | undefined {
  const { context } = node;
  let current: View | undefined = view;
  for (let i = 0; i < doublings && current !== undefined; i++) {
    const tensor = materialize(current);
    if (tensor === undefined) return undefined;
    const names = { name: context.freeLayerName(node.name), output: context.freeTensorName(node.output) };
    const result = context.emit(node, { kind: "upsample", ...names, input: tensor.name }, tensor.quantization);
    current = result && viewOf(result, mapDims(result.shape), node);
  }
  return current;
}

/** Factors for height and width from scales or sizes. */
function factorsOf(node: ImportNode, view: View): readonly [number, number] | undefined {
  const [, , height, width] = view.dims;
  const old = node.operator === "Upsample" || node.inputCount === 2;
  const index = old ? 1 : 2;
  if (!old && node.inputName(3) !== "") {
    const sizes = node.integers(3);
    return (
      sizes &&
      factors(
        node,
        view,
        sizes.length === 4
          ? sizes.map((size, axis) => size / view.dims[axis])
          : [1, 1, sizes[0] / height, sizes[1] / width],
      )
    );
  }
  const scales = node.floats(index);
  return scales && factors(node, view, scales.length === 2 ? [1, 1, ...scales] : [...scales]);
}

function factors(node: ImportNode, view: View, given: readonly number[]): readonly [number, number] | undefined {
  const axes = node.ints("axes", [2, 3]);
  const maps = axes !== undefined && axes[0] === 2 && axes[1] === 3;
  if (given.length === 4 && given[0] === 1 && given[1] === 1 && maps) return [given[2], given[3]];
  return node.report("attribute", `it scales [${view.dims}] by [${given}]`, "only height and width are scaled");
}

/** Whether each output pixel takes the input pixel that floor(i / factor) gives, under the node's rounding modes. */
function isPlain(node: ImportNode, extent: number, factor: number): boolean {
  const standard = node.context.opset < 11 || node.operator === "Upsample" ? "asymmetric" : "half_pixel";
  const transformation = node.text("coordinate_transformation_mode", standard);
  const rounding = node.text("nearest_mode", standard === "asymmetric" ? "floor" : "round_prefer_floor");
  const coordinate = coordinates.get(transformation);
  const round = roundings.get(rounding);
  // A few pixels show every phase.
  const pixels = Math.min(extent, 3) * factor;
  const source = (i: number): number =>
    Math.max(0, Math.min(extent - 1, round?.(coordinate?.(i, factor) ?? Number.NaN) ?? Number.NaN));
  if (Array.from({ length: pixels }, (_, i) => source(i) === Math.floor(i / factor)).every(Boolean)) return true;
  node.report(
    "attribute",
    `attributes coordinate_transformation_mode '${transformation}' and nearest_mode '${rounding}' do not repeat pixels evenly`,
    "use asymmetric with floor, or half_pixel with round_prefer_floor",
  );
  return false;
}

const coordinates = new Map<string, (i: number, factor: number) => number>([
  ["asymmetric", (i, factor) => i / factor],
  ["half_pixel", (i, factor) => (i + 0.5) / factor - 0.5],
  ["pytorch_half_pixel", (i, factor) => (i + 0.5) / factor - 0.5],
]);

const roundings = new Map<string, (x: number) => number>([
  ["floor", Math.floor],
  ["ceil", Math.ceil],
  ["round_prefer_floor", (x) => Math.ceil(x - 0.5)],
  ["round_prefer_ceil", (x) => Math.floor(x + 0.5)],
]);
