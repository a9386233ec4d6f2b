import type { BuildProgress } from "../testbench/engine/index.ts";
import type { SimulationProgress } from "../testbench/simulate/simulate.ts";
import type { Progress } from "./progress.ts";

const stages = {
  "waiting for another process": "waiting for another process that builds it",
  verilate: "Verilator",
  compile: "compiling C++ to WebAssembly (under a minute, once; cached from then on)",
  link: "linking",
  ready: "ready",
} as const;

/** Seconds between signs of life of a stage that takes long. */
const HEARTBEAT = 10;

/** Shows the stages of a build. A model from the cache is ready at once and shows nothing. */
export function describeBuild(progress: Progress): (build: BuildProgress) => void {
  let heartbeat: NodeJS.Timeout | undefined;
  return ({ top, stage }) => {
    clearInterval(heartbeat);
    if (stage === "ready") return;
    progress.step(`RTL model ${top}: ${stages[stage]}`);
    let seconds = 0;
    heartbeat = setInterval(() => {
      seconds += HEARTBEAT;
      progress.step(`  ${stage}: ${seconds} s`);
    }, HEARTBEAT * 1000);
    // It must not keep a process alive whose build has failed.
    heartbeat.unref();
  };
}

/** Shows a simulation's progress: the stages of the build, then inputs as a bar. */
export function trackSimulation(progress: Progress, inputs: number): (event: SimulationProgress) => void {
  const build = describeBuild(progress);
  let layers = false;
  let bar: ((done: number, note?: string) => void) | undefined;
  return (event) => {
    if (event.stage === "build") build(event.build);
    else if (event.stage === "layers") {
      if (!layers) progress.step("first input with every layer's result stored and compared");
      layers = true;
    } else {
      bar ??= progress.bar(inputs === 1 ? "input" : "inputs", inputs);
      bar(event.done, event.cycles > 0 ? `(${event.cycles} cycles)` : "");
    }
  };
}
