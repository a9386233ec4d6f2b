import type { SimulationReport } from "../../testbench/simulate/report.ts";
import { type Figure, figure, least, most } from "./row.ts";

/** Simulated cycles a second, memory included, that a network's run reaches at least; and its time at most, in seconds. */
const SPEED = 250_000;
const TIME = 6;

/** How fast runs were simulated. @param whole the run whose time counts, if there was one */
export function speedFigures(
  reports: readonly SimulationReport[],
  whole: SimulationReport | undefined,
): readonly Figure[] {
  const cycles = reports.reduce((sum, report) => sum + report.simulatedCycles, 0);
  const seconds = reports.reduce((sum, report) => sum + report.simSeconds, 0);
  const note = "WebAssembly, memory and monitors included, on this machine now; peer: 112,000/s, native";
  const speed = figure("simulated cycles, 448 MACs", "per second", cycles / seconds, least(SPEED), note);
  if (whole === undefined) return [speed];
  const time = whole.cycles / whole.cyclesPerSecond;
  return [speed, figure(`${whole.network} simulated`, "seconds", time, most(TIME), "one inference, model built")];
}
