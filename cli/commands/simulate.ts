import { createColors } from "picocolors";
import { ExitCode, VargenError } from "../../models/errors.ts";
import type { Network } from "../../models/ir/network.ts";
import { runReference } from "../../models/reference/index.ts";
import { formatMismatch } from "../../testbench/simulate/compare.ts";
import { type Part, partOf } from "../../testbench/simulate/part.ts";
import type { SimulationReport } from "../../testbench/simulate/report.ts";
import { type SimulationResult, simulateNetwork } from "../../testbench/simulate/simulate.ts";
import { windowAround, writeWaveform } from "../../testbench/simulate/waveform.ts";
import { accuracyOf } from "../accuracy.ts";
import { defineCommand } from "../command.ts";
import { chosenConfig } from "../configuration.ts";
import { chosenInputs } from "../inputs.ts";
import { chosenNetwork } from "../network.ts";
import { usageError, usageProblem } from "../options/parse.ts";
import type { OptionValues } from "../options/table.ts";
import { makeProgress, type Progress } from "../progress.ts";
import { replayCommand } from "../replay.ts";
import { describeReport } from "../report-text.ts";
import { trackSimulation } from "../track-simulation.ts";

const names = ["network", "scale", "group", "inputSize", "classes", "layer", "block", "preset", "config"] as const;
const options = [...names, "images", "labels", "count", "memory", "vcd", "from", "to", "seed", "json"] as const;
type Values = Pick<OptionValues, (typeof options)[number]>;

/** Cycles of a waveform where --to does not say. */
const DEFAULT_WINDOW = 2000;

/** `vargen simulate`: a network in the simulated RTL, every value compared with the reference. */
export const simulateCommand = defineCommand({
  name: "simulate",
  summary: "Run a network, layer or block in the simulated RTL; compare every value with the reference.",
  options,
  examples: [
    "vargen simulate --network models/data/vargnet-fashion.onnx --preset g8m8p7",
    "vargen simulate --network vargnet-v2 --scale 0.25 --block stage3.normal1 --memory ideal --json",
    "vargen simulate --network vargnet-v1 --scale 0.25 --layer conv1 --vcd conv1.vcd --from 0 --to 500",
  ],
  run: async (values, io) => {
    checkCombinations(values);
    const { json, memory } = values;
    const config = chosenConfig(values);
    const whole = chosenNetwork(values, config.groupWidth);
    const { inputs: wholeInputs, labels } = chosenInputs(whole, values);
    const part = chosenPart(values);
    const network = part === undefined ? whole : partOf(whole, part);
    const inputs = part === undefined ? wholeInputs : wholeInputs.map((input) => inputOfPart(whole, network, input));
    const progress = makeProgress(io, json);
    const onProgress = trackSimulation(progress, inputs.length);
    const result = await simulateNetwork({ network, config, inputs, memory, onProgress });
    const accuracy = labels === undefined || part !== undefined ? undefined : accuracyOf(result.outputs, labels);
    const command = replayCommand("simulate", values);
    const waveform = await requestedWaveform(values, result, inputs[0], progress);
    const failed = result.report.mismatches > 0;
    const evidence =
      failed && waveform === undefined ? await failureWaveform(values, result, inputs, progress) : waveform;
    const { predictions, ...facts } = { ...accuracy, predictions: accuracy?.predictions };
    if (json) {
      const extra = { seed: values.seed, ...(accuracy === undefined ? {} : { accuracy: facts, predictions }) };
      const file = evidence === undefined ? {} : { waveform: evidence };
      io.out(`${JSON.stringify({ ...result.report, ...extra, ...file, command }, null, 2)}\n`);
    } else {
      io.out(describeReport(result.report, io.colors));
      if (accuracy !== undefined) io.out(`accuracy          ${accuracy.correct} of ${accuracy.total} images\n`);
      if (evidence !== undefined) io.out(`waveform          ${evidence}\n`);
      if (failed) io.err(describeFailure(result.report, command, io.colors));
    }
    return failed ? ExitCode.mismatch : ExitCode.ok;
  },
});

function checkCombinations({ layer, block, vcd, to, from }: Values): void {
  const problems = [];
  if (layer !== undefined && block !== undefined)
    problems.push(usageProblem("conflict", "--block", "cannot be given together with --layer"));
  if (vcd === undefined && (to !== undefined || from > 0))
    problems.push(usageProblem("conflict", "--from, --to", "need --vcd, the file that the waveform goes to"));
  if (to !== undefined && to < from)
    problems.push(usageProblem("out-of-range", "--to", `${to} is before --from ${from}`));
  if (problems.length > 0) throw usageError(problems);
}

function chosenPart({ layer, block }: Values): Part | undefined {
  if (layer !== undefined) return { layer };
  return block === undefined ? undefined : { block };
}

/** What the reference makes of the whole network's input where the part begins. */
function inputOfPart(whole: Network, part: Network, input: SimulationResult["outputs"][number]) {
  const value = runReference(whole, input).get(part.input);
  if (value === undefined) throw new Error(`the network makes no tensor '${part.input}'`);
  return value;
}

async function requestedWaveform(
  values: Values,
  result: SimulationResult,
  input: SimulationResult["outputs"][number],
  progress: Progress,
): Promise<string | undefined> {
  const { vcd: file, from, to = from + DEFAULT_WINDOW } = values;
  if (file === undefined) return undefined;
  if (from >= result.report.cycles) {
    const message = `the run ends at cycle ${result.report.cycles}, before --from ${from}`;
    throw new VargenError([{ code: "simulation/window", path: file, message }], ExitCode.usage);
  }
  progress.step(`writing cycles ${from}..${to} to ${file}`);
  const { program, startCycle } = result;
  await writeWaveform({ config: program.config, program, input, memory: values.memory, startCycle, from, to, file });
  return file;
}

/** The cycles around the first value that differs, from the run in which every layer's result was stored. */
async function failureWaveform(
  values: Values,
  { report, program, startCycle, layerRun }: SimulationResult,
  inputs: SimulationResult["outputs"],
  progress: Progress,
): Promise<string | undefined> {
  const mismatch = report.firstMismatch;
  if (mismatch === undefined) return undefined;
  const located = layerRun !== undefined && mismatch.input === 0;
  const source = located ? layerRun : { program, run: { times: [], startCycle } };
  const [from, to] = windowAround(mismatch, source.program, source.run.times, report.cycles);
  const file = "vargen-mismatch.vcd";
  progress.step(`writing cycles ${from}..${to}, around the first value that differs, to ${file}`);
  const { config } = program;
  const run = { program: source.program, startCycle: source.run.startCycle, input: inputs[mismatch.input] };
  await writeWaveform({ config, ...run, memory: values.memory, from, to, file });
  return file;
}

function describeFailure({ mismatches, firstMismatch }: SimulationReport, command: string, colors: boolean): string {
  const { red } = createColors(colors);
  const first = firstMismatch === undefined ? "" : `first: ${formatMismatch(firstMismatch)}\n`;
  return `${red(`${mismatches} values differ from the reference`)}\n${first}again: ${command}\n`;
}
