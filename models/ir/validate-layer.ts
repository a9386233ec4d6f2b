import type { Problem } from "../errors.ts";
import type { ConvLayer, GemmLayer, Layer, TensorInfo } from "./network.ts";
import { elementCount, formatShape, layerOutputShape, sameShape } from "./shape.ts";
import { checkClamp, checkConcat, checkRearranged, checkWindow, type Report } from "./validate-data-layer.ts";

/** What is wrong with a layer by itself and with its tensors. `inputs` are in the operator's order. */
export function layerProblems(layer: Layer, inputs: readonly TensorInfo[], output: TensorInfo): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (code, message, hint) => {
    problems.push({ code: `network/${code}`, path: layer.name, message, ...(hint === undefined ? {} : { hint }) });
  };
  const [input, ...others] = inputs;
  if (input === undefined) return [{ code: "network/inputs", path: layer.name, message: "the layer has no input" }];
  if (layer.kind === "conv") checkConv(layer, input, report);
  else if (layer.kind === "gemm") checkGemm(layer, input, report);
  else if (layer.kind === "add") checkAdd(inputs, output, report);
  else if (layer.kind === "globalAveragePool") checkPool(input, output, report);
  else if (layer.kind === "concat") checkConcat(inputs, report);
  else if (layer.kind === "requantize") checkClamp(layer, output, report);
  else checkRearranged(layer, input, output, report);
  for (const { name, quantization } of inputs)
    if (layer.kind !== "requantize" && quantization.dtype !== output.quantization.dtype)
      report(
        "type",
        `input '${name}' is ${quantization.dtype}, output '${output.name}' ${output.quantization.dtype}`,
        "ONNX Runtime's integer operators take one element type throughout",
      );
  if (problems.length > 0) return problems;
  const expected = layerOutputShape(layer, [input.shape, ...others.map(({ shape }) => shape)]);
  if (!sameShape(expected, output.shape))
    report(
      "shape",
      `makes ${formatShape(expected)} from ${formatShape(input.shape)}, but '${output.name}' is declared ${formatShape(output.shape)}`,
    );
  return problems;
}

function checkConv(layer: ConvLayer, input: TensorInfo, report: Report): void {
  const { groups, kernel } = layer;
  const outputs = layer.bias.length;
  const { channels } = input.shape;
  const sound = Number.isInteger(groups) && groups >= 1;
  if (!sound) report("conv-parameter", `groups is ${groups}`, "it must be a positive integer");
  if (!checkWindow(layer, input, report) || !sound) return;
  if (channels % groups !== 0 || outputs % groups !== 0)
    report(
      "groups",
      `${groups} groups do not divide ${channels} input and ${outputs} output channels`,
      "choose a group count that divides both",
    );
  else checkWeights(layer, (channels / groups) * kernel.height * kernel.width, report);
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
