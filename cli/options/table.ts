import { deviceNames } from "../../host/explore/index.ts";
import { memoryModels } from "../../host/index.ts";
import { choice, extents, flag, integer, numbers, positive, text, type ValueOf, withDefault } from "./spec.ts";

const maxCount = 2 ** 31 - 1;

/**
 * Every option of every command. Help texts, checks and the table in the README come from here, so that an option means
 * the same wherever it appears.
 */
export const optionTable = {
  preset: text("P", "a name that `vargen presets` lists", "Hardware configuration by name."),
  config: text("FILE", "a JSON file", "Hardware configuration from a file with every field, instead of --preset."),
  output: text(
    "PATH",
    "a folder; import, export, quantize: an ONNX file; compare: a JSON file; report: an HTML file; explore: a JSON file",
    "What to write; folders are made when missing. Compare's rows join those that the file has of other networks; " +
      "report's JSON goes beside the page (default: vargen-report.html); explore's is a configuration (default: DEVICE.json).",
    "o",
  ),
  check: flag("Compare the folder with fresh output instead of writing; exit code 1 when they differ."),
  network: text(
    "N",
    "an ONNX file, a network of the paper such as vargnet-v1, or vargnet-fashion",
    "The network; those of the paper get seeded weights, vargnet-fashion is shipped trained.",
  ),
  networks: text(
    "LIST",
    "paper, all, or names as NAME[@[gG][xSCALE]][:HxW], or ONNX files, with commas between",
    "Networks to compare; paper (default): those of its Tables 3 and 4 at equal MAdds.",
  ),
  scale: positive(
    "S",
    8,
    "Channel scale of a named network that has one; VarGNet's are multiples of 1/32 (network's default: 1).",
  ),
  group: integer("G", 4, 16, "Group width of a VarGNet: 4, 8 or 16 (default: that of the configuration, or 8)."),
  inputSize: extents("HxW", 4096, "Input of a named network (network's default: the paper's)."),
  classes: integer("K", 1, 65535, "Classes of a named network (network's default: 1000; per pixel: 19)."),
  layer: text("NAME", "a layer of the network", "Run this layer alone, on what the reference gives it."),
  block: text("NAME", "a block of the network", "Run this block alone, on what the reference gives it."),
  images: text(
    "PATH",
    "an IDX file (.gz or not), .npy, .npz, PNG or JPEG, or a folder of images",
    "Images to run (simulate: without it, seeded random inputs; quantize: to evaluate, with --labels).",
  ),
  labels: text("FILE", "an IDX file, .gz or not", "Labels of the images: reports the accuracy."),
  count: integer(
    "N",
    1,
    maxCount,
    "How many inputs to run (default: 1; demo: 100; classify: all; quantize: calibrate with 256).",
  ),
  calibration: text(
    "PATH",
    "as --images",
    "Images that show the values inside the network; a few hundred of the training set, drawn by --seed.",
  ),
  method: choice(
    "M",
    ["min-max", "percentile", "mse"],
    "How ranges follow from the calibration: all values, all but outliers, or least squared error.",
  ),
  percentile: withDefault(
    positive("P", 100, "With --method percentile: percent of the values within each bound, above 50."),
    99.99,
  ),
  activations: choice("T", ["uint8", "int8"], "Element type of the activations; weights are int8."),
  format: choice(
    "F",
    ["qdq", "qoperator"],
    "Form of quantised ONNX: QuantizeLinear/DequantizeLinear with float in and out, or integer operators alone.",
  ),
  float: flag("Write the float network, before quantisation."),
  scaleInput: positive("S", 1e6, "Factor on stored values (default: 1/255 for bytes, 1 for real numbers)."),
  mean: numbers("LIST", "Then subtracted from each channel, as in (x * scale - mean) / std (default: 0)."),
  std: numbers("LIST", "Then divides each channel (default: 1)."),
  memory: choice(
    "M",
    ["ddr", "ideal"],
    `DRAM: ddr answers reads after ${memoryModels.ddr.readLatency} cycles, ideal after ${memoryModels.ideal.readLatency}.`,
  ),
  clock: withDefault(positive("MHZ", 2000, "Clock in MHz that images a second are given for."), 200),
  device: text("D", deviceNames.join(", "), "Device that the configuration is for."),
  fps: positive("F", 1e6, "Images a second to be reached by the smallest configuration (default: the fastest)."),
  vcd: text("FILE", "a path", "Write a waveform of the first input's run."),
  from: withDefault(integer("C", 0, maxCount, "First clock cycle of the waveform."), 0),
  to: integer("C", 0, maxCount, "Last clock cycle of the waveform (default: 2000 after the first)."),
  runs: withDefault(integer("N", 1, 1_000_000, "Random cases in all, shared among the presets."), 2000),
  graphs: integer("N", 1, 1_000_000, "Run so many random ONNX graphs instead, against ONNX Runtime."),
  fuzz: integer("N", 1, 10_000_000, "Read so many damaged and hostile ONNX files instead."),
  seed: withDefault(integer("S", 0, maxCount, "Seed of everything random; equal seeds give equal runs."), 1),
  path: text("PATH", "as printed by a failure", "Replay one failing case of a campaign."),
  synthesis: choice(
    "E",
    ["none", "mapping", "full"],
    "Yosys' synth_xilinx too: place memories and DSPs, or count all.",
  ),
  simulate: flag(
    "Run the RTL, compare its outputs with the reference; compare makes inputs smaller that are too large for that.",
  ),
  layersOnly: flag("Leave out the whole networks, which take some minutes."),
  minutes: withDefault(positive("MIN", 10_000, "Longest simulation of a network, at 250,000 cycles a second."), 10),
  referenceMinutes: positive(
    "MIN",
    10_000,
    "Longest run of the reference, at 100 million MACs a second, where a network is too large to simulate (default: --minutes).",
  ),
  plot: text("FILE", "a path", "Draw a picture too, as SVG."),
  against: text("N", "a network of the paper", "The other network (default: mobilenet-v1; for that: vargnet-v1)."),
  dryRun: flag("Only tell where each node would run; compile and write nothing."),
  json: flag("Print one JSON document on stdout, problems included."),
} as const;

/** Name of an option; `inputSize` is written `--input-size`. */
export type OptionName = keyof typeof optionTable;

/** Values of all options by name. */
export type OptionValues = { readonly [N in OptionName]: ValueOf<(typeof optionTable)[N]> };

/** How an option is written, as in `--input-size`. */
export function longFlag(name: OptionName): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
