import { type Problem, VargenError } from "../errors.ts";
import type { NetworkGraph } from "../graph/graph.ts";
import { backbones } from "./backbone.ts";
import { classifierNetwork, faceBackbones, faceNetwork } from "./classifier.ts";
import { detectionBackbones, detectionNetwork } from "./detection.ts";
import type { NetworkOptions } from "./options.ts";
import { parsingBackbones, parsingNetwork, unetBackbones, unetNetwork } from "./unet.ts";

type Build = (options: NetworkOptions) => NetworkGraph;

/** Every network of the paper by name: a backbone, which classifies, or `<backbone>-<task>`. */
const catalog: ReadonlyMap<string, Build> = new Map([
  ...entries(backbones, "", classifierNetwork),
  ...entries(faceBackbones, "-face", faceNetwork),
  ...entries(detectionBackbones, "-detection", detectionNetwork),
  ...entries(parsingBackbones, "-segmentation", (...args) => parsingNetwork("segmentation", ["semantic"], ...args)),
  ...entries(parsingBackbones, "-panoptic", (...args) => parsingNetwork("panoptic", ["semantic", "instance"], ...args)),
  ...entries(parsingBackbones, "-parsing", (...args) =>
    parsingNetwork("parsing", ["semantic", "instance", "depth"], ...args),
  ),
  ...entries(unetBackbones, "-depth", (...args) => unetNetwork("depth", ...args)),
  ...entries(unetBackbones, "-stereo", (...args) => unetNetwork("stereo", ...args)),
]);

/** Names that {@link networkGraph} takes, such as `vargnet-v1`, `resnet-18`, `vargnet-v2-detection`. */
export const networkNames: readonly string[] = [...catalog.keys()];

/**
 * The graph of a network of the paper, VarGNet or one that it is compared with.
 *
 * @param name one of {@link networkNames}
 * @throws VargenError for an unknown name, listing every option out of range, or every group convolution that G does not
 *   divide
 */
export function networkGraph(name: string, options: NetworkOptions = {}): NetworkGraph {
  const build = catalog.get(name);
  if (build === undefined) throw new VargenError([unknownNetwork(name)]);
  return build(options);
}

function entries<N extends string>(
  names: readonly N[],
  suffix: string,
  build: (name: N, options: NetworkOptions) => NetworkGraph,
): readonly (readonly [string, Build])[] {
  return names.map((name) => [`${name}${suffix}`, (options) => build(name, options)]);
}

function unknownNetwork(name: string): Problem {
  return {
    code: "network/unknown",
    path: name,
    message: "there is no such network",
    hint: `known: ${networkNames.join(", ")}`,
  };
}
