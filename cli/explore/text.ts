import { createColors } from "picocolors";
import type { HwConfig } from "../../hdl-gen/index.ts";
import { boundBy, type Device, type Exploration, type Point, resourceKinds } from "../../host/explore/index.ts";
import { group, percent } from "../report-text.ts";
import { formatTable } from "../table.ts";

/** What was looked for. */
export interface ExploreFacts {
  readonly network: string;
  readonly device: Device;
  readonly clockHz: number;
  readonly fps: number | undefined;
  readonly memory: string;
  /** The configuration file that was written. */
  readonly output: string;
}

/** A search's result for people. */
export function describeExploration(
  { candidates, compiled, front, chosen }: Exploration,
  facts: ExploreFacts,
  colors: boolean,
): string {
  const { bold, dim, green } = createColors(colors);
  const { network, device, clockHz, fps, memory, output } = facts;
  const heading = [
    ...["", "array", "R", "AXI", "features", "weights", "LUT", "FF", "DSP", "BRAM36"],
    ...["of device", "bound by", "cycles", "of peak", "images/s"],
  ];
  const rows = front.map((point) => pointCells(point, device, point === chosen));
  const right = heading.map((name, column) => column > 1 && name !== "bound by");
  const [first, ...rest] = formatTable([heading, ...rows], right).split("\n");
  const lines = rest.map((line, i) => (front[i] === chosen ? green(line) : line));
  const goal = fps === undefined ? "the fastest" : `the smallest that reaches ${fps} images/s`;
  const inLuts = front.some(({ lutMultipliers }) => lutMultipliers > 0);
  return [
    `${bold(`${network} on ${device.name}`)} at ${clockHz / 1e6} MHz (assumed, not timed), memory ${memory}\n`,
    `${dim(first)}\n${lines.join("\n")}`,
    `${bold(">")} ${goal}: ${arrayName(chosen.config)}, written to ${output}\n`,
    dim(`${group(candidates)} configurations fit; ${compiled} of them were compiled for and run by the cycle model.\n`),
    dim("of device: the largest share of any resource (LUTs: of 85 %), by a resource model checked against Yosys.\n"),
    inLuts
      ? dim("*: with multipliers made of LUTs, as the DSPs are used up (synthesis must be told how many there are).\n")
      : "",
    dim(`${device.name}: ${device.source}.\n`),
  ].join("");
}

function pointCells(point: Point, device: Device, chosen: boolean): readonly string[] {
  const { config, resources, share, lutMultipliers, cycles, utilization, imagesPerSecond } = point;
  const used = resourceKinds.map((kind) => group(resources[kind]) + (kind === "dsp" && lutMultipliers > 0 ? "*" : ""));
  return [
    ...[chosen ? ">" : "", arrayName(config), String(config.drainChannels), String(config.axiDataBits)],
    ...[kib(config.featureDepth * config.groupWidth * config.pixelLanes), kib(weightBytes(config)), ...used],
    ...[percent(share), boundBy(resources, device.resources).toUpperCase(), group(cycles), percent(utilization)],
    imagesPerSecond.toFixed(imagesPerSecond < 10 ? 2 : 1),
  ];
}

const arrayName = ({ groupWidth, outputChannels, pixelLanes }: HwConfig): string =>
  `g${groupWidth}m${outputChannels}p${pixelLanes}`;

const weightBytes = (config: HwConfig): number => config.weightDepth * config.outputChannels * config.groupWidth;

const kib = (bytes: number): string => `${group(bytes / 1024)} KiB`;
