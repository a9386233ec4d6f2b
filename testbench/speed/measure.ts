/**
 * Simulated cycles a second in WebAssembly against native code of the same Verilated C++ by `g++ -O3 -march=native`, both
 * replaying the same inputs without a test bench: CPU time of one core, best of several rounds taken in turn. Prints both
 * and their ratio, and fails where their outputs differ. Run: npx tsx testbench/speed/measure.ts
 */
import { buildModel } from "../engine/index.ts";
import { REPLAY_BYTES } from "../engine/shim.ts";
import { NATIVE_FLAGS, type Round, runNative } from "./native.ts";
import { acceleratorWorkload, arrayWorkload, type Workload } from "./workloads.ts";

/** Rounds that count; more run before them, for the optimising compiler of the WebAssembly engine. */
const ROUNDS = 6;
const WARM_UP = 4;

async function runWasm({ spec, inputs }: Workload): Promise<readonly Round[]> {
  const compiled = await buildModel(spec);
  const rounds: Round[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const model = compiled.instantiate();
    const start = process.cpuUsage();
    const hash = model.replay(inputs);
    const { user, system } = process.cpuUsage(start);
    rounds.push({ speed: model.cycle / ((user + system) / 1e6), hash });
    // Let the engine's other threads finish compiling: their time would count.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return rounds.slice(WARM_UP);
}

/** Every round starts from a new model, as in WebAssembly. */
const mainProgram = `
#include <cstdio>
#include <ctime>
#include <vector>
int main(int, char** arguments) {
  FILE* file = fopen(arguments[1], "rb");
  std::vector<uint8_t> inputs;
  for (int byte; (byte = fgetc(file)) != EOF;) inputs.push_back(byte);
  const size_t size = vg_replay_size();
  const size_t most = ${REPLAY_BYTES} / size * size;
  for (int round = 0; round < ${ROUNDS}; round++) {
    vg_init(1);
    vg_eval();
    const clock_t start = clock();
    uint32_t hash = 2166136261u;
    for (size_t at = 0; at < inputs.size(); at += most) {
      const size_t bytes = inputs.size() - at < most ? inputs.size() - at : most;
      memcpy(vg_replay_inputs(), inputs.data() + at, bytes);
      hash = vg_replay(bytes / size, hash);
    }
    const double seconds = double(clock() - start) / CLOCKS_PER_SEC;
    printf("%f %u\\n", inputs.size() / size / seconds, hash);
  }
}`;

const kilocycles = (speed: number) => `${(speed / 1000).toFixed(0)} kcycles/s`;
const fastest = (rounds: readonly Round[]) => Math.max(...rounds.map(({ speed }) => speed));

for (const workload of [arrayWorkload(), await acceleratorWorkload()]) {
  const wasm = await runWasm(workload);
  console.log(`${workload.name}\n  WebAssembly: ${kilocycles(fastest(wasm))}`);
  try {
    const native = await runNative(workload.spec, mainProgram, workload.inputs);
    const equal = [...wasm, ...native].every(({ hash }) => hash === native[0].hash);
    console.log(`  g++ ${NATIVE_FLAGS.join(" ")}: ${kilocycles(fastest(native))}`);
    console.log(`  ratio ${(fastest(wasm) / fastest(native)).toFixed(2)}, outputs ${equal ? "equal" : "DIFFER"}`);
    if (!equal) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    console.log("  g++ is not installed: nothing to compare with");
  }
}
