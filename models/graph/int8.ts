import { VargenError } from "../errors.ts";
import type { NetworkGraph } from "./graph.ts";

/**
 * Checks that a graph can become an int8 network of `ir/`: it has one output.
 * @throws VargenError naming the further outputs
 */
export function checkQuantizable({ outputs = [] }: NetworkGraph): void {
  if (outputs.length <= 1) return;
  throw new VargenError([
    {
      code: "network/outputs",
      path: outputs[1],
      message: `int8 networks have one output, this one has ${outputs.length}: ${outputs.join(", ")}`,
      hint: "quantise the part that makes one of them",
    },
  ]);
}
