import { type CounterName, counterNames, type RegisterName, registerOffset } from "../../hdl-gen/index.ts";
import { encodeCommands } from "../../host/index.ts";
import type { Sheet } from "../../host/testing/command-sheet.ts";
import type { MemoryTiming } from "../axi/index.ts";
import type { CompiledModel } from "../engine/index.ts";
import { AcceleratorSimulator } from "../harness.ts";

/** How a sheet's run ended: error code (0 for none), the command it names, the counters, and the memory window afterwards. */
export interface SheetRun {
  readonly code: number;
  readonly command: number;
  readonly counters: Readonly<Record<CounterName, number>>;
  readonly dram: Uint8Array;
}

/** Runs a hand-written command stream in a whole accelerator. @throws if the bus protocol is broken or nothing ends */
export function runSheet(
  model: CompiledModel,
  sheet: Omit<Sheet, "result">,
  timing: MemoryTiming,
  seed: number,
): SheetRun {
  const size = sheet.dram.length;
  const simulator = new AcceleratorSimulator(model, { base: 0, size, timing, seed });
  const set = (name: RegisterName, value: number): void => simulator.writeRegister(registerOffset(name), value);
  const get = (name: RegisterName): number => simulator.readRegister(registerOffset(name));
  simulator.reset();
  simulator.writeMemory(0, sheet.dram);
  simulator.writeMemory(sheet.commandOffset, encodeCommands(sheet.commands));
  set("MEMORY_SIZE", size);
  set("COMMAND_ADDRESS", sheet.commandOffset);
  set("COMMAND_COUNT", sheet.commands.length);
  set("IRQ_ENABLE", 3);
  set("CONTROL", 1);
  simulator.runUntilInterrupt(1_000_000);
  simulator.checkQuiescent();
  if (simulator.violations.length > 0) throw new Error(simulator.report());
  const dram = simulator.readMemory(0, size);
  // One entry for each name.
  const counters = Object.fromEntries(counterNames.map((name) => [name, get(name)])) as SheetRun["counters"];
  return { code: (get("STATUS") >> 8) & 255, command: get("ERROR_COMMAND"), counters, dram };
}
