import { createColors } from "picocolors";
import type { HwConfig } from "../../hdl-gen/index.ts";
import { ExitCode, VargenError } from "../../models/errors.ts";
import { whyInexact } from "../../models/testing/exactness.ts";
import type { Apart } from "../../models/testing/graphs/check-graph.ts";
import { type GraphCampaignReport, runGraphCampaign } from "../../testbench/properties/graph-campaign.ts";
import type { Io } from "../io.ts";
import { makeProgress, stopBars } from "../progress.ts";
import { group } from "../report-text.ts";
import { describeBuild } from "../track-simulation.ts";

/** Options of {@link validateGraphs}. */
export interface GraphOptions {
  readonly graphs: number;
  readonly seed: number;
  readonly path: string | undefined;
  readonly targets: readonly HwConfig[];
  /** Preset named on the command line. */
  readonly preset: string | undefined;
  readonly json: boolean;
}

/** `vargen validate --graphs N`: random ONNX graphs in ONNX Runtime, the reference and, a sample of them, in RTL. */
export async function validateGraphs(options: GraphOptions, io: Io): Promise<ExitCode> {
  const { graphs, seed, path, targets, json } = options;
  const reason = await whyInexact();
  if (reason !== undefined) {
    const hint = "run it on an x86 processor with VNNI";
    throw new VargenError([{ code: "onnxruntime/inexact", path: "onnxruntime-node", message: reason, hint }]);
  }
  const progress = makeProgress(io, json);
  const count = path === undefined ? graphs : 1;
  const bar = progress.bar("graphs", count);
  const report = await runGraphCampaign({
    ...{ graphs: count, seed, targets },
    // What is run again runs in RTL again.
    ...(path === undefined ? {} : { path, sampling: 1 }),
    onGraph: (done) => (done <= count ? bar(done) : undefined),
    onBuild: describeBuild(progress),
  });
  stopBars();
  const { failure } = report;
  const again = failure && replay(options, failure.path);
  if (json) io.out(`${JSON.stringify({ ...report, ...(again ? { command: again } : {}) }, null, 2)}\n`);
  else if (failure === undefined || again === undefined) io.out(describe(report));
  else {
    const { red } = createColors(io.colors);
    io.err(`${red("failure")}: ${failure.message}\n  seed      ${seed}, path ${failure.path}\n`);
    io.err(`  shrunk to ${JSON.stringify(failure.shrunkTo)}\n  again     ${again}\n`);
  }
  return failure === undefined ? ExitCode.ok : ExitCode.mismatch;
}

/** The command line that runs one failing graph again. */
function replay({ graphs, seed, preset }: GraphOptions, path: string): string {
  const chosen = preset === undefined ? "" : ` --preset ${preset}`;
  return `vargen validate --graphs ${graphs}${chosen} --seed ${seed} --path ${path}`;
}

function describe(report: GraphCampaignReport): string {
  const { graphs, compared, fused, unoptimizable, optimized, plain, rtl, seconds } = report;
  const kinds = Object.entries(report.steps).map(([kind, times]) => `${kind} x${times}`);
  const refused = Object.entries(rtl.refused).map(([code, times]) => `${code} x${times}`);
  return [
    `${group(graphs)} random graphs: ${group(compared)} values compared, 0 mismatches, ${seconds.toFixed(1)} s`,
    `  steps      ${kinds.join(", ")} (+: QDQ form)`,
    `  fused      ${group(fused)} graphs by ONNX Runtime, all equal; in the others, where it computes in float or`,
    `             merges changes of scale: ${apart(optimized)}`,
    `  unfused    with its optimisations off: ${apart(plain)}`,
    `  not run    ${unoptimizable} files that its optimisations break`,
    `  in RTL     ${group(rtl.graphs)} graphs, ${group(rtl.comparedValues)} values compared, 0 mismatches, ` +
      `${group(rtl.simulatedCycles)} cycles; refused ${refused.join(", ") || "none"}`,
    "",
  ].join("\n");
}

function apart({ values, differing, largest }: Apart): string {
  return `${group(differing)} of ${group(values)} values differ, by ${largest.toFixed(1)} steps at most`;
}
