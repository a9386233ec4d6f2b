import { type Problem, VargenError } from "../errors.ts";
import type { NetworkGraph } from "../graph/graph.ts";
import { type BackboneName, backbones } from "./backbone.ts";
import { classifierNetwork, faceBackbones, faceNetwork } from "./classifier.ts";
import { detectionBackbones, detectionNetwork } from "./detection.ts";
import { type NetworkOptionName, type NetworkOptions, networkOptions, optionProblem } from "./options.ts";
import { parsingBackbones, parsingNetwork, unetBackbones, unetNetwork } from "./unet.ts";

interface Entry {
  readonly options: readonly NetworkOptionName[];
  readonly build: (options: NetworkOptions) => NetworkGraph;
}

/** Every network of the paper by name: a backbone, which classifies, or `<backbone>-<task>`. */
const catalog: ReadonlyMap<string, Entry> = new Map([
  ...entries(backbones, "", classifierNetwork),
  ...entries(faceBackbones, "-face", faceNetwork),
  ...entries(detectionBackbones, "-detection", detectionNetwork, ["classes"]),
  ...entries(parsingBackbones, "-segmentation", (...args) => parsingNetwork("segmentation", ...args)),
  ...entries(parsingBackbones, "-panoptic", (...args) => parsingNetwork("panoptic", ...args)),
  ...entries(parsingBackbones, "-parsing", (...args) => parsingNetwork("parsing", ...args)),
  ...entries(unetBackbones, "-depth", (...args) => unetNetwork("depth", ...args), ["classes"]),
  ...entries(unetBackbones, "-stereo", (...args) => unetNetwork("stereo", ...args), ["classes"]),
]);

/** Names that {@link networkGraph} takes, such as `vargnet-v1`, `resnet-18`, `vargnet-v2-detection`. */
export const networkNames: readonly string[] = [...catalog.keys()];

/**
 * The graph of a network of the paper, VarGNet or one that it is compared with.
 *
 * @param name one of {@link networkNames}
 * @throws VargenError for an unknown name, listing every option that the network does not have or that is out of range, or
 *   every group convolution that G does not divide
 */
export function networkGraph(name: string, options: NetworkOptions = {}): NetworkGraph {
  const { options: known, build } = entryOf(name);
  const foreign = networkOptions.filter((option) => options[option] !== undefined && !known.includes(option));
  if (foreign.length > 0) throw new VargenError(foreign.map((option) => foreignOption(name, option, known)));
  return build(options);
}

/** The options that a network has. @throws VargenError for an unknown name */
export function networkOptionNames(name: string): readonly NetworkOptionName[] {
  return entryOf(name).options;
}

function entryOf(name: string): Entry {
  const entry = catalog.get(name);
  if (entry === undefined) throw new VargenError([unknownNetwork(name)]);
  return entry;
}

/** @param without options that the task does not have */
function entries<N extends BackboneName>(
  names: readonly N[],
  suffix: string,
  build: (name: N, options: NetworkOptions) => NetworkGraph,
  without: readonly NetworkOptionName[] = [],
): readonly (readonly [string, Entry])[] {
  return names.map((name) => {
    const missing = [...without, ...optionsWithout(name)];
    const options = networkOptions.filter((option) => !missing.includes(option));
    return [`${name}${suffix}`, { options, build: (given) => build(name, given) }];
  });
}

/** Only VarGNet's groups have a width to choose; ResNets come at one scale. */
function optionsWithout(name: BackboneName): readonly NetworkOptionName[] {
  if (name.startsWith("resnet")) return ["scale", "group"];
  return name.startsWith("vargnet") ? [] : ["group"];
}

function foreignOption(name: string, option: NetworkOptionName, known: readonly NetworkOptionName[]): Problem {
  return { ...optionProblem(option, `${name} has no such option`), hint: `it has: ${known.join(", ")}` };
}

function unknownNetwork(name: string): Problem {
  return {
    code: "network/unknown",
    path: name,
    message: "there is no such network",
    hint: `known: ${networkNames.join(", ")}`,
  };
}
