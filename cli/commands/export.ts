import { ExitCode } from "../../models/errors.ts";
import type { FloatNetwork } from "../../models/graph/index.ts";
import { networkNames, seededFloatNetwork } from "../../models/networks/index.ts";
import { readFloatNetwork, writeFloatNetwork, writeNetwork } from "../../models/onnx/index.ts";
import { shippedFile, shippedNames } from "../../models/shipped.ts";
import { defineCommand } from "../command.ts";
import {
  chosenNetwork,
  chosenSize,
  type NetworkChoice,
  noSizes,
  readNetworkFile,
  writeNetworkFile,
} from "../network.ts";
import { usageError, usageProblem } from "../options/parse.ts";

/** Group width of a named network where --group does not say. */
const DEFAULT_GROUP = 8;

/** `vargen export`: a network as ONNX. */
export const exportCommand = defineCommand({
  name: "export",
  summary: "Write a network as ONNX, in int8 (QDQ or QOperator form) or float, which ONNX Runtime runs alike.",
  options: ["network", "scale", "group", "inputSize", "classes", "seed", "float", "format", "output", "json"],
  argument: "network",
  examples: [
    "vargen export vargnet-v1 --scale 0.25 -o out/vargnet.onnx",
    "vargen export vargnet-v2-detection --float -o out/detection.onnx",
    "vargen export model-qdq.onnx --format qoperator -o out/integer.onnx",
  ],
  run: async ({ output, json, float, format, ...choice }, io) => {
    if (output === undefined) throw usageError([usageProblem("missing", "--output", "name a file: -o FILE.onnx")]);
    const { name, layers, bytes } = float ? floatFile(choice) : integerFile(choice, format);
    writeNetworkFile(output, bytes);
    const facts = { network: name, layers, form: float ? "float" : format, file: output, bytes: bytes.length };
    io.out(json ? `${JSON.stringify(facts, null, 2)}\n` : `${name}, ${layers} layers, ${facts.form}: ${output}\n`);
    return ExitCode.ok;
  },
});

function integerFile(choice: NetworkChoice, form: "qdq" | "qoperator") {
  const network = chosenNetwork(choice, DEFAULT_GROUP);
  const bytes = writeNetwork(network, { form, float: form === "qdq" });
  return { name: network.name, layers: network.layers.length, bytes };
}

function floatFile(choice: NetworkChoice) {
  const network = chosenFloatNetwork(choice);
  return { name: network.graph.name, layers: network.graph.nodes.length, bytes: writeFloatNetwork(network) };
}

function chosenFloatNetwork(choice: NetworkChoice): FloatNetwork {
  const { network: name, seed } = choice;
  if (name === undefined) throw usageError([usageProblem("missing", "NETWORK", "name a network or a float ONNX file")]);
  if (networkNames.includes(name))
    return seededFloatNetwork(name, { ...chosenSize(name, choice, DEFAULT_GROUP), seed });
  noSizes(choice);
  const { path, bytes } = shippedNames().includes(name)
    ? shippedFile(name, true)
    : { path: name, bytes: readNetworkFile(name) };
  return readFloatNetwork(bytes, path);
}
