import { join } from "node:path";
import { repositoryRoot } from "../../hdl-gen/index.ts";
import { pairsOf } from "../compare/pairs.ts";
import { readRecord } from "../compare/record.ts";
import { isMeasured, type MeasuredRow, type Row } from "../compare/row.ts";
import { group, percent } from "../report-text.ts";

/** The runs that docs/NETWORKS.md tells of. */
function recordedRows(): readonly Row[] {
  return readRecord(join(repositoryRoot(), "docs", "networks.json"))?.rows ?? [];
}

/** Every recorded run, one a line. */
export function networkTable(rows = recordedRows()): string {
  const lines = rows.map((row) => {
    const head = `| \`${row.network}\` | ${row.input} | ${group(row.madds)}`;
    if (!isMeasured(row)) return `${head} | refused | | | | | | ${row.problems[0].message} |`;
    const { cycles, utilization, dramReadBytes, dramWriteBytes } = row;
    const bytes = `${mega(dramReadBytes)} / ${mega(dramWriteBytes)}`;
    return `${head} | ${row.source} | ${group(cycles)} | ${percent(utilization)} | ${bytes} | ${comparedCell(row)} |`;
  });
  return [
    "| network | input | MAdds | by | cycles | useful | MB read / written | values compared | differ | predicted cycles |",
    "|---|---|---|---|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

/** VarGNets beside networks of about equal MAdds. */
export function pairTable(rows = recordedRows()): string {
  const lines = pairsOf(rows.filter(isMeasured)).map(({ vargnet, other, speedup }) => {
    const names = `| \`${vargnet.network}\` | \`${other.network}\``;
    const madds = `${mega(vargnet.madds)} / ${mega(other.madds)}`;
    const images = `${vargnet.imagesPerSecond.toFixed(1)} / ${other.imagesPerSecond.toFixed(1)}`;
    const useful = `${percent(vargnet.utilization)} / ${percent(other.utilization)}`;
    const bytes = `${bytesOf(vargnet)} / ${bytesOf(other)}`;
    return `${names} | ${vargnet.input} | ${madds} | ${useful} | ${speedup.toFixed(2)} | ${images} | ${bytes} |`;
  });
  return [
    "| VarGNet | other | input | M MAdds | useful | times faster a MAC | images/s at 200 MHz | MB of DRAM traffic |",
    "|---|---|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

/** How far the cycle model is from the RTL in the recorded runs, in one sentence. */
export function modelError(rows = recordedRows()): string {
  const errors = simulated(rows).map(errorOf);
  if (errors.length === 0) return "No run in RTL is recorded.";
  const sizes = errors.map(Math.abs);
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  const range = `${signed(Math.min(...errors))} to ${signed(Math.max(...errors))}`;
  const values = simulated(rows).reduce((sum, { comparedValues = 0 }) => sum + comparedValues, 0);
  const differ = simulated(rows).reduce((sum, { mismatches = 0 }) => sum + mismatches, 0);
  const cycles = simulated(rows).reduce((sum, row) => sum + row.cycles, 0);
  return (
    `In these ${errors.length} runs in RTL, of ${group(cycles)} cycles together, ${group(values)} values were compared and ` +
    `${group(differ)} differ. The cycle model is ${range} off, ${mean.toFixed(2)} % on average.`
  );
}

function simulated(rows: readonly Row[]): readonly MeasuredRow[] {
  return rows.filter(isMeasured).filter(({ source }) => source === "RTL");
}

function comparedCell(row: MeasuredRow): string {
  if (row.source === "RTL")
    return `${group(row.comparedValues ?? 0)} | ${group(row.mismatches ?? 0)} | ${signed(errorOf(row))}`;
  return row.referenceValues === undefined ? "| |" : `reference: ${group(row.referenceValues)} | |`;
}

const errorOf = ({ predictedCycles, cycles }: MeasuredRow): number => 100 * (predictedCycles / cycles - 1);
const signed = (percentage: number): string => `${percentage < 0 ? "-" : "+"}${Math.abs(percentage).toFixed(2)} %`;
const mega = (count: number): string => (count / 1e6).toFixed(count < 1e7 ? 2 : 1);
const bytesOf = ({ dramReadBytes, dramWriteBytes }: MeasuredRow): string => mega(dramReadBytes + dramWriteBytes);
