import type { Problem } from "../errors.ts";
import type { ConvLayer, GemmLayer, Layer, TensorInfo } from "./network.ts";
import { elementCount, formatShape, layerOutputShape, sameShape } from "./shape.ts";

/** Collects the problems of one layer. */
type Report = (code: string, message: string, hint?: string) => void;

/** What is wrong with a layer by itself and with its tensors. `inputs` are in the operator's order. */
export function layerProblems(layer: Layer, inputs: readonly TensorInfo[], output: TensorInfo): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (code, message, hint) => {
    problems.push({ code: `network/${code}`, path: layer.name, message, ...(hint === undefined ? {} : { hint }) });
  };
  const [input] = inputs;
  if (input === undefined) return problems;
  if (layer.kind === "conv") checkConv(layer, input, report);
  else if (layer.kind === "gemm") checkGemm(layer, input, report);
  else if (layer.kind === "add") checkAdd(inputs, output, report);
  else checkPool(input, output, report);
  for (const { name, quantization } of inputs)
    if (quantization.dtype !== output.quantization.dtype)
      report(
        "type",
        `input '${name}' is ${quantization.dtype}, output '${output.name}' ${output.quantization.dtype}`,
        "ONNX Runtime's integer operators take one element type throughout",
      );
  if (problems.length > 0) return problems;
  const expected = layerOutputShape(layer, input.shape);
  if (!sameShape(expected, output.shape))
    report(
      "shape",
      `makes ${formatShape(expected)} from ${formatShape(input.shape)}, but '${output.name}' is declared ${formatShape(output.shape)}`,
    );
  return problems;
}

function checkConv(layer: ConvLayer, input: TensorInfo, report: Report): void {
  const { groups, kernel, stride, padding } = layer;
  const outputs = layer.bias.length;
  const { channels } = input.shape;
  const positive = {
    groups,
    "kernel.height": kernel.height,
    "kernel.width": kernel.width,
    "stride.y": stride.y,
    "stride.x": stride.x,
  };
  let sound = true;
  for (const [key, value] of Object.entries(positive))
    if (!(Number.isInteger(value) && value >= 1)) {
      report("conv-parameter", `${key} is ${value}`, "it must be a positive integer");
      sound = false;
    }
  for (const [side, value] of Object.entries(padding))
    if (!(Number.isInteger(value) && value >= 0))
      report("conv-parameter", `padding.${side} is ${value}`, "it must be an integer, at least 0");
  if (!sound) return;
  if (channels % groups !== 0 || outputs % groups !== 0)
    report(
      "groups",
      `${groups} groups do not divide ${channels} input and ${outputs} output channels`,
      "choose a group count that divides both",
    );
  else checkWeights(layer, (channels / groups) * kernel.height * kernel.width, report);
  const height = input.shape.height + padding.top + padding.bottom;
  const width = input.shape.width + padding.left + padding.right;
  if (kernel.height > height || kernel.width > width)
    report("kernel", `kernel ${kernel.height}x${kernel.width} is larger than its padded input ${height}x${width}`);
}

function checkGemm(layer: GemmLayer, input: TensorInfo, report: Report): void {
  checkWeights(layer, elementCount(input.shape), report);
}

function checkWeights(layer: ConvLayer | GemmLayer, perChannel: number, report: Report): void {
  const channels = layer.bias.length;
  if (channels < 1) report("weights", "there are no output channels");
  if (layer.weightScales.length !== channels)
    report("weights", `${layer.weightScales.length} weight scales for ${channels} output channels`);
  if (layer.weights.length !== channels * perChannel)
    report("weights", `${layer.weights.length} weights where ${channels} x ${perChannel} are needed`);
  if (layer.weights.includes(-128))
    report("weights", "a weight is -128", "weights are symmetric: quantise them to [-127, 127]");
  if (!layer.weightScales.every((scale) => scale > 0 && Number.isFinite(scale)))
    report("weights", "a weight scale is not positive and finite");
}

function checkAdd(inputs: readonly TensorInfo[], output: TensorInfo, report: Report): void {
  for (const input of inputs) {
    if (!sameShape(input.shape, output.shape))
      report(
        "add-shape",
        `operand '${input.name}' is ${formatShape(input.shape)}, the output ${formatShape(output.shape)}`,
        "operands are not broadcast",
      );
    const ratio = input.quantization.scale / output.quantization.scale;
    if (!(ratio >= 2 ** -27 && ratio < 2 ** 16))
      report("add-scale", `scale ratio ${ratio} of '${input.name}' to the output is outside [2^-27, 2^16)`);
  }
}

function checkPool(input: TensorInfo, output: TensorInfo, report: Report): void {
  const elements = input.shape.height * input.shape.width;
  const factor = input.quantization.scale / (output.quantization.scale * elements);
  if (elements >= 2 ** 24 || !(factor >= 2 ** -32 && factor < 256))
    report("pool-scale", `scale factor ${factor} over ${elements} values is outside [2^-32, 256)`);
}
