import { createColors } from "picocolors";
import { compile, unmappedLayers } from "../../host/compiler/index.ts";
import { ExitCode, type Problem } from "../../models/errors.ts";
import { tensorOf } from "../../models/ir/network.ts";
import { formatShape, networkMacs } from "../../models/ir/shape.ts";
import { countPlaces, type ImportedNetwork, importNetwork, writeNetwork } from "../../models/onnx/index.ts";
import { defineCommand } from "../command.ts";
import { chosenConfig } from "../configuration.ts";
import { readNetworkFile, writeNetworkFile } from "../network.ts";
import { usageError, usageProblem } from "../options/parse.ts";
import { group } from "../report-text.ts";
import { formatTable } from "../table.ts";

/** `vargen import`: what an ONNX file becomes, node by node. */
export const importCommand = defineCommand({
  name: "import",
  summary: "Read a quantised ONNX file (QDQ or QOperator form) and tell where each node runs; compile it.",
  options: ["network", "dryRun", "output", "preset", "config", "json"],
  argument: "network",
  examples: [
    "vargen import model.onnx --dry-run",
    "vargen import models/data/vargnet-fashion.onnx --preset g8m8p7 -o out/integer.onnx",
  ],
  run: async ({ network: file, dryRun, output, json, ...choice }, io) => {
    if (file === undefined) throw usageError([usageProblem("missing", "NETWORK", "name an ONNX file")]);
    if (dryRun && output !== undefined)
      throw usageError([usageProblem("conflict", "--output", "a dry run writes nothing", "leave out --dry-run")]);
    const imported = importNetwork(readNetworkFile(file), file);
    const { network, coverage } = imported;
    const unmapped = unmappedLayers(network);
    const config = chosenConfig(choice);
    const program = dryRun ? undefined : compile(network, config);
    if (output !== undefined) writeNetworkFile(output, writeNetwork(network));
    const built = program && { configuration: config.name, commands: program.commands.length };
    if (json) {
      const facts = { file, ...factsOf(imported), places: countPlaces(coverage), unmapped, nodes: coverage };
      io.out(`${JSON.stringify({ ...facts, ...built, ...(output === undefined ? {} : { output }) }, null, 2)}\n`);
    } else {
      io.out(describe(imported, unmapped, io.colors));
      if (built !== undefined) io.out(`compiled for ${built.configuration}: ${group(built.commands)} commands\n`);
      if (output !== undefined) io.out(`written: ${output}\n`);
    }
    return ExitCode.ok;
  },
});

function factsOf({ network, input: { channelsLast }, outputs }: ImportedNetwork) {
  const input = tensorOf(network, network.input);
  return {
    name: network.name,
    input: { ...input.quantization, shape: input.shape, channelsLast },
    outputs: outputs.map(({ tensor, ...facts }) => {
      const { shape, quantization } = tensorOf(network, tensor);
      return { ...facts, tensor, ...quantization, shape };
    }),
    layers: network.layers.length,
    macs: networkMacs(network),
  };
}

/** What the host has to see to, a line each. */
function hostNotes({ input, outputs }: ImportedNetwork): readonly string[] {
  const notes = outputs.flatMap(({ name, tensor, host, channelsLast }) => [
    ...(host === undefined ? [] : [`output '${name}': the host computes ${host} of '${tensor}'`]),
    ...(channelsLast ? [`output '${name}': channels last in the file, given channels first`] : []),
  ]);
  return input.channelsLast ? ["the input: channels last in the file, taken channels first", ...notes] : notes;
}

function describe(imported: ImportedNetwork, unmapped: readonly Problem[], colors: boolean): string {
  const { bold, yellow } = createColors(colors);
  const { network, coverage } = imported;
  const reasons = new Map(unmapped.map(({ path, message }) => [path, message]));
  const rows = coverage.map(({ node, operator, place, note, layers }) => {
    const reason = layers.map((layer) => reasons.get(layer)).find((message) => message !== undefined);
    return [node, operator, place, reason ?? note];
  });
  const [first, ...rest] = formatTable([["node", "operator", "runs on", "note"], ...rows]).split("\n");
  const { array, drain, layout, host } = countPlaces(coverage);
  const { shape } = tensorOf(network, network.input);
  const facts = `${network.layers.length} layers, ${group(networkMacs(network))} MACs, input ${formatShape(shape)}`;
  const places = `${coverage.length} nodes: ${array} on the array, ${drain} in its drain, ${layout} free by layout, ${host} on the host`;
  const missing = unmapped.length === 0 ? "" : yellow(`${unmapped.length} layers are not yet mapped to the array\n`);
  const notes = hostNotes(imported).map((note) => yellow(`${note}\n`));
  return `${bold(first)}\n${rest.join("\n")}${facts}\n${places}\n${notes.join("")}${missing}`;
}
