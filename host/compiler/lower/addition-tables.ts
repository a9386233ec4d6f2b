import { VargenError } from "../../../models/errors.ts";
import { type AddLayer, type Network, tensorOf } from "../../../models/ir/network.ts";
import { elementCount } from "../../../models/ir/shape.ts";
import { type AddTables, buildAddTables } from "../../arithmetic/index.ts";

/**
 * Tables of an addition.
 *
 * @param computed the operand that goes through the drain
 * @throws VargenError if there are none
 */
export function additionTables(network: Network, layer: AddLayer, computed: 0 | 1): AddTables {
  const [a, b] = layer.inputs.map((name) => tensorOf(network, name));
  const output = tensorOf(network, layer.output);
  const elements = elementCount(output.shape);
  const operands = [a.quantization, b.quantization] as const;
  const tables = buildAddTables({ operands, output: output.quantization, elements, computed });
  if (tables !== undefined) return tables;
  const message = "the scales of the operands and the output are too far apart for the addition tables";
  const hint = "an operand's scale may be at most about 4 times the output's";
  throw new VargenError([{ code: "compile/add-scale", path: layer.name, message, hint }]);
}
