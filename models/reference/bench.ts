/**
 * Measures the int8 reference: `npx tsx models/reference/bench.ts [scale]` runs VarGNet v1 (224 x 224, G = 8) on random
 * input and prints multiply-accumulates a second on one core.
 */
import { newActivations } from "../ir/activations.ts";
import { tensorOf } from "../ir/network.ts";
import { elementCount, networkMacs } from "../ir/shape.ts";
import { seededNetwork } from "../networks/index.ts";
import { Random } from "../random/random.ts";
import { runReference } from "./run.ts";

const scale = Number(process.argv[2] ?? 1);
const network = seededNetwork("vargnet-v1", { scale });
const random = new Random(1);
const shape = tensorOf(network, network.input).shape;
const image = newActivations("uint8", elementCount(shape)).map(() => random.integer(0, 255));
const seconds = Array.from({ length: 6 }, () => {
  const start = process.hrtime.bigint();
  runReference(network, image);
  return Number(process.hrtime.bigint() - start) / 1e9;
});
const best = Math.min(...seconds);
const macs = networkMacs(network);
console.log(
  `${network.name}: ${macs} MACs, first run ${seconds[0].toFixed(3)} s, best of 6 ${best.toFixed(3)} s, ` +
    `${(macs / best / 1e6).toFixed(0)} million MACs/s`,
);
