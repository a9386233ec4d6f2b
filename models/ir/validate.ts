import { type Problem, VargenError } from "../errors.ts";
import { layerInputs, type Network, type TensorInfo } from "./network.ts";
import { layerProblems } from "./validate-layer.ts";

/**
 * Everything that is wrong with a network, in the order of its tensors and layers; empty when it is sound.
 *
 * Checked: tensor names, extents and quantisation; that layers are in order, read and make known tensors, each made
 * once; each layer's own parameters and shapes; that blocks name layers.
 */
export function networkProblems(network: Network): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [key, tensor] of network.tensors) problems.push(...tensorProblems(key, tensor));
  const defined = new Set<string>();
  const names = new Set<string>();
  if (network.tensors.has(network.input)) defined.add(network.input);
  else problems.push(problem("unknown-tensor", network.name, `the network's input '${network.input}' is not a tensor`));
  for (const layer of network.layers) {
    if (names.has(layer.name)) problems.push(problem("duplicate-layer", layer.name, "two layers have this name"));
    names.add(layer.name);
    const inputs = layerInputs(layer).map((name) => network.tensors.get(name));
    for (const name of layerInputs(layer))
      if (!defined.has(name))
        problems.push(problem("undefined-input", layer.name, `input '${name}' is not made by an earlier layer`));
    const output = network.tensors.get(layer.output);
    if (defined.has(layer.output))
      problems.push(problem("duplicate-output", layer.name, `tensor '${layer.output}' is made twice`));
    defined.add(layer.output);
    if (output === undefined)
      problems.push(problem("unknown-tensor", layer.name, `output '${layer.output}' is not a tensor`));
    else if (inputs.every((input) => input !== undefined)) problems.push(...layerProblems(layer, inputs, output));
  }
  problems.push(...outputProblems(network, defined));
  for (const [block, layers] of network.blocks)
    for (const name of layers)
      if (!names.has(name)) problems.push(problem("unknown-layer", block, `the block names no layer '${name}'`));
  return problems;
}

/** Gives the network back if it is sound. @throws VargenError with all its problems otherwise. */
export function checkedNetwork(network: Network): Network {
  const problems = networkProblems(network);
  if (problems.length > 0) throw new VargenError(problems);
  return network;
}

function outputProblems({ name, outputs }: Network, defined: ReadonlySet<string>): readonly Problem[] {
  if (outputs.length === 0) return [problem("no-output", name, "the network has no output")];
  return outputs.flatMap((output, i) => {
    if (!defined.has(output)) return problem("unknown-tensor", name, `nothing makes the network's output '${output}'`);
    const again = outputs.indexOf(output) < i;
    return again ? problem("duplicate-output", name, `the network's output '${output}' is named twice`) : [];
  });
}

function tensorProblems(key: string, tensor: TensorInfo): readonly Problem[] {
  const problems: Problem[] = [];
  const { channels, height, width } = tensor.shape;
  const { dtype, scale, zeroPoint } = tensor.quantization;
  if (key !== tensor.name) problems.push(problem("tensor-name", key, `the tensor is listed as '${tensor.name}'`));
  if (![channels, height, width].every((extent) => Number.isInteger(extent) && extent >= 1))
    problems.push(problem("shape", key, `extents ${channels}x${height}x${width} are not all positive integers`));
  if (!(scale > 0 && Number.isFinite(scale) && Math.fround(scale) === scale))
    problems.push(problem("scale", key, `scale ${scale} is not a positive finite float32`));
  const [lo, hi] = dtype === "int8" ? [-128, 127] : [0, 255];
  if (!(Number.isInteger(zeroPoint) && zeroPoint >= lo && zeroPoint <= hi))
    problems.push(problem("zero-point", key, `zero point ${zeroPoint} is outside ${dtype}'s range [${lo}, ${hi}]`));
  return problems;
}

function problem(code: string, path: string, message: string): Problem {
  return { code: `network/${code}`, path, message };
}
