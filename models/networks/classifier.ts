import type { NetworkGraph } from "../graph/graph.ts";
import { type Backbone, type BackboneName, backbone } from "./backbone.ts";
import type { NetworkOptions, SettledOptions } from "./options.ts";
import { settle } from "./settle.ts";

/**
 * A backbone with global average pooling and a fully connected layer, 224 x 224 and 1000 classes by default: VarGNet v1
 * and v2 as Tables 1 and 2 have them, the others as in their own papers.
 *
 * @throws VargenError listing every option out of range and every group convolution that G does not divide
 */
export function classifierNetwork(name: BackboneName, options: NetworkOptions = {}): NetworkGraph {
  const defaults = { inputHeight: 224, inputWidth: 224, inputChannels: 3, classes: 1000 };
  const settled = settle(name, options, defaults);
  const net = backbone(name, settled);
  return finish(net, name, settled, [net.writer.classifier(net.top(), settled.classes)]);
}

/** Names of the networks of Table 10. */
export const faceBackbones = ["vargnet-v1", "vargnet-v2", "mobilenet-v1", "mobilenet-v2"] as const;

/** Values of a face's embedding. */
const embedding = 256;

/**
 * A face network of Table 10: 112 x 112, first convolution of stride 1, and in place of the pooling BN - Dropout - FC -
 * BN to an embedding of 256 values (dropout does nothing in inference). MobileNet v2 has MXNet's first bottleneck, which
 * is what its published count asks for.
 */
export function faceNetwork(name: (typeof faceBackbones)[number], options: NetworkOptions = {}): NetworkGraph {
  const defaults = { inputHeight: 112, inputWidth: 112, inputChannels: 3, classes: embedding };
  const settled = settle(name, options, defaults);
  const net = backbone(name, settled, { stride: 1, expandFirst: true });
  return finish(net, `${name}-face`, settled, [net.writer.gemm("embedding", net.top(), settled.classes, true)]);
}

/** The graph that a backbone's writer holds by now. @throws VargenError for groups that do not divide */
export function finish(
  net: Backbone,
  name: string,
  settled: SettledOptions,
  outputs: readonly [string, ...string[]],
): NetworkGraph {
  net.check();
  const { scale, group, inputChannels, inputHeight, inputWidth } = settled;
  return {
    name: `${name}-${scale}x${name.startsWith("vargnet") ? `-g${group}` : ""}`,
    input: "image",
    inputShape: { channels: inputChannels, height: inputHeight, width: inputWidth },
    outputs,
    nodes: net.writer.nodes,
  };
}
