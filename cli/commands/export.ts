import { ExitCode } from "../../models/errors.ts";
import { writeNetwork } from "../../models/onnx/index.ts";
import { defineCommand } from "../command.ts";
import { chosenNetwork, writeNetworkFile } from "../network.ts";
import { usageError, usageProblem } from "../options/parse.ts";

/** `vargen export`: a network as ONNX in QOperator form. */
export const exportCommand = defineCommand({
  name: "export",
  summary: "Write a network as ONNX (QOperator form, opset 13), which ONNX Runtime runs with the same results.",
  options: ["network", "scale", "group", "inputSize", "classes", "seed", "output", "json"],
  argument: "network",
  examples: [
    "vargen export vargnet-v1 --scale 0.25 -o out/vargnet.onnx",
    "vargen export model-qdq.onnx -o out/integer.onnx",
  ],
  run: async ({ output, json, ...choice }, io) => {
    if (output === undefined) throw usageError([usageProblem("missing", "--output", "name a file: -o FILE.onnx")]);
    const network = chosenNetwork(choice, 8);
    const bytes = writeNetwork(network);
    writeNetworkFile(output, bytes);
    const facts = { network: network.name, layers: network.layers.length, file: output, bytes: bytes.length };
    io.out(json ? `${JSON.stringify(facts, null, 2)}\n` : `${facts.network}, ${facts.layers} layers: ${output}\n`);
    return ExitCode.ok;
  },
});
