import { type Problem, VargenError } from "../errors.ts";

/** A layer or node as far as its tensors' dimensions go. */
export interface Maker {
  readonly kind: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
}

/** Kinds that take and give tensors of two dimensions as well as of four. */
const shapeless: readonly string[] = ["add", "concat", "channels", "requantize"];

/**
 * Tensors that have two dimensions in ONNX: outputs of fully connected layers, and what is made of such alone.
 * @throws VargenError for layers that cannot read them
 */
export function flatTensors(makers: readonly Maker[]): ReadonlySet<string> {
  const flat = new Set<string>();
  const problems: Problem[] = [];
  for (const { kind, name, inputs, output } of makers) {
    const operands = inputs.map((input) => flat.has(input));
    const all = operands.every((one) => one);
    if (kind === "gemm" || (shapeless.includes(kind) && all)) flat.add(output);
    else if (operands.includes(true))
      problems.push({
        code: "onnx/flat-input",
        path: name,
        message: "it reads a fully connected layer's output, which has no height and width in ONNX",
        hint: "end the network with its fully connected layers",
      });
  }
  if (problems.length > 0) throw new VargenError(problems);
  return flat;
}
