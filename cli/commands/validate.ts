import { createColors } from "picocolors";
import { type HwConfig, preset } from "../../hdl-gen/index.ts";
import { ExitCode } from "../../models/errors.ts";
import {
  type CampaignFailure,
  type CampaignReport,
  runCampaign,
  writeFailureWaveform,
} from "../../testbench/properties/campaign.ts";
import { allTargets, buildTarget, targetByName } from "../../testbench/properties/targets.ts";
import { defineCommand } from "../command.ts";
import { usageError, usageProblem } from "../options/parse.ts";
import { makeProgress, type Progress, stopBars } from "../progress.ts";
import { group } from "../report-text.ts";
import { describeBuild } from "../track-simulation.ts";
import { validateFuzz } from "./validate-fuzz.ts";
import { validateGraphs } from "./validate-graphs.ts";

/** `vargen validate`: the property campaign. */
export const validateCommand = defineCommand({
  name: "validate",
  summary:
    "Run random networks, memories, broken commands, bus faults and resets against the reference, or random or damaged ONNX files.",
  options: ["runs", "graphs", "fuzz", "seed", "preset", "path", "json"],
  examples: [
    "vargen validate --runs 2000 --seed 1",
    "vargen validate --preset g8m8p7 --seed 1 --path 17:0:1",
    "vargen validate --graphs 500 --seed 1",
    "vargen validate --fuzz 10000 --seed 1",
  ],
  run: async ({ runs, graphs, fuzz, seed, path, json, preset: name }, io) => {
    if (graphs !== undefined && fuzz !== undefined)
      throw usageError([usageProblem("conflict", "--fuzz", "--graphs is given too", "give one of them")]);
    if (fuzz !== undefined) return validateFuzz({ fuzz, seed, path, json }, io);
    if (path !== undefined && name === undefined && graphs === undefined)
      throw usageError([usageProblem("missing", "--preset", "--path replays a case of one preset: name it")]);
    // The tight configuration of the campaign has no preset of its own.
    const targets = name === undefined ? allTargets : [targetByName(name) ?? preset(name)];
    if (graphs !== undefined) return validateGraphs({ graphs, seed, path, targets, preset: name, json }, io);
    const progress = makeProgress(io, json);
    const reports: CampaignReport[] = [];
    let left = runs;
    for (const [index, config] of targets.entries()) {
      const share = path === undefined ? Math.ceil(left / (targets.length - index)) : 1;
      left -= share;
      if (share === 0) continue;
      const report = await campaign(config, { runs: share, seed, ...(path === undefined ? {} : { path }) }, progress);
      stopBars();
      reports.push(report);
      if (!json) io.out(describe(report, io.colors));
      if (report.failure !== undefined) break;
    }
    const failure = reports.find((report) => report.failure !== undefined)?.failure;
    const evidence = failure === undefined ? undefined : await explain(failure, progress);
    if (json) io.out(`${JSON.stringify({ ...totals(reports), reports, ...evidence }, null, 2)}\n`);
    else if (failure !== undefined && evidence !== undefined) io.err(describeFailure(failure, evidence, io.colors));
    else io.out(summary(reports));
    return failure === undefined ? ExitCode.ok : ExitCode.mismatch;
  },
});

async function campaign(
  config: HwConfig,
  request: { readonly runs: number; readonly seed: number; readonly path?: string },
  progress: Progress,
): Promise<CampaignReport> {
  const onProgress = describeBuild(progress);
  const model = await buildTarget(config, { onProgress });
  const bar = progress.bar(config.name, request.runs);
  // Shrinking runs more cases than were asked for.
  const onCase = (done: number): void => (done <= request.runs ? bar(done) : undefined);
  return runCampaign({ config, model, ...request, onCase });
}

function totals(reports: readonly CampaignReport[]) {
  const sum = (pick: (report: CampaignReport) => number): number => reports.reduce((all, one) => all + pick(one), 0);
  return {
    cases: sum((report) => report.cases),
    refused: sum((report) => Object.values(report.refused).reduce((all, one) => all + one, 0)),
    goodRuns: sum((report) => report.goodRuns),
    comparedValues: sum((report) => report.comparedValues),
    simulatedCycles: sum((report) => report.simulatedCycles),
    failures: reports.filter((report) => report.failure !== undefined).length,
  };
}

function describe(report: CampaignReport, colors: boolean): string {
  const { green, red } = createColors(colors);
  const list = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([key, times]) => `${key} x${times}`)
      .join(", ") || "none";
  const verdict = report.failure === undefined ? green("passed") : red("FAILED");
  const shrinking = report.failure === undefined ? "" : " (shrinking included)";
  return [
    `${report.configuration.padEnd(13)} ${verdict}  ${report.cases} cases${shrinking}, ${group(report.comparedValues)} values compared, ` +
      `${group(report.simulatedCycles)} cycles, ${report.seconds.toFixed(1)} s`,
    `  layers   ${list(report.layers)}`,
    `  trials   ${list(report.trials)}`,
    `  refused  ${list(report.refused)}`,
    "",
  ].join("\n");
}

function summary(reports: readonly CampaignReport[]): string {
  const { cases, refused, comparedValues, simulatedCycles } = totals(reports);
  return (
    `${group(cases)} cases on ${reports.length} configurations (${refused} refused by the compiler): ` +
    `${group(comparedValues)} values compared, 0 mismatches, ${group(simulatedCycles)} cycles simulated\n`
  );
}

interface Evidence {
  readonly waveform: string | undefined;
  readonly command: string;
}

async function explain(failure: CampaignFailure, progress: Progress): Promise<Evidence> {
  const { configuration, seed, path, cycle } = failure;
  const command = `vargen validate --preset ${configuration} --seed ${seed} --path ${path}`;
  const config = targetByName(configuration);
  if (cycle === undefined || config === undefined) return { waveform: undefined, command };
  const waveform = `vargen-${configuration}-failure.vcd`;
  progress.step(`writing the cycles before the failure to ${waveform}`);
  await writeFailureWaveform(config, failure, waveform);
  return { waveform, command };
}

function describeFailure(failure: CampaignFailure, { waveform, command }: Evidence, colors: boolean): string {
  const { red } = createColors(colors);
  const { configuration, seed, path, message, shrunkTo, shrinks } = failure;
  return [
    `${red(`failure on ${configuration}`)}: ${message}`,
    `  seed      ${seed}, path ${path}`,
    `  shrunk    ${shrinks} times, to ${JSON.stringify(shrunkTo)}`,
    `  waveform  ${waveform ?? "none: it is not a fault seen in the RTL"}`,
    `  again     ${command}`,
    "",
  ].join("\n");
}
