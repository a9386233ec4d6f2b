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
const runs = 6;
const macs = networkMacs(network);
let [wall, cpu] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
for (let run = 0; run < runs; run++) {
  const [start, used] = [performance.now(), process.cpuUsage()];
  runReference(network, image);
  wall = Math.min(wall, (performance.now() - start) / 1e3);
  cpu = Math.min(cpu, process.cpuUsage(used).user / 1e6);
}
const rate = (seconds: number): string =>
  `${seconds.toFixed(3)} s, ${(macs / seconds / 1e6).toFixed(0)} million MACs/s`;
console.log(`${network.name}: ${macs} MACs, best of ${runs} runs ${rate(wall)}; in CPU time ${rate(cpu)}`);
