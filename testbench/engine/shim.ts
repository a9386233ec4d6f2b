import { type PortInfo, portBytes, recordedInputs } from "./ports.ts";

/** Class prefix given to Verilator. */
export const PREFIX = "Vmodel";

/** What the shim depends on besides the ports. */
export interface ShimOptions {
  /** Name of the clock input; undefined for combinational modules. */
  readonly clock: string | undefined;
  readonly trace: boolean;
  /** Default false. */
  readonly replay?: boolean;
}

/** Room for recorded inputs in a model that replays, in bytes. */
export const REPLAY_BYTES = 1 << 16;

/**
 * C++ between the Verilated class and TypeScript. It exports
 * - `vg_init(seed)`: builds the model, returns a table of 32-bit words, the address of each port in order;
 * - `vg_eval()`; with a clock also `vg_rise()`, `vg_fall()` (set the clock, then evaluate) and `vg_step(n)`;
 * - with `replay`, `vg_replay_inputs()` (where recorded inputs go), `vg_replay_size()` (bytes of a cycle), `vg_replay(n, hash)`;
 * - when tracing, `vg_trace_start()`, `vg_trace_flush()` and `vg_trace_stop()`; VCD text leaves through the import `vargen.trace_write`.
 */
export function renderShim(ports: readonly PortInfo[], options: ShimOptions): string {
  const table = ports.map((port) => `  addresses[i++] = reinterpret_cast<uintptr_t>(&model->${port.name});`);
  return [
    prologue(ports.length),
    options.trace ? traceSection : "inline void dump() {}",
    `VG_EXPORT(vg_init) uintptr_t* vg_init(uint32_t seed) {
  context = new VerilatedContext;
  Verilated::threadContextp(context);
  context->randReset(2);
  context->randSeed(static_cast<int>(seed | 1));
  ${options.trace ? "context->traceEverOn(true);" : ""}
  model = new ${PREFIX}{context, "TOP"};
  ${options.trace ? "startTracer();" : ""}
  int i = 0;
${table.join("\n")}
  // Grow the heap now: growing it later would detach the typed arrays that TypeScript holds.
  free(malloc(${options.trace ? "8 << 20" : "1 << 20"}));
  return addresses;
}
VG_EXPORT(vg_eval) void vg_eval() { model->eval(); }`,
    options.clock === undefined ? "" : clockSection(options.clock),
    ...(options.clock !== undefined && options.replay === true ? [replaySection(ports, options.clock)] : []),
    "",
  ].join("\n");
}

function prologue(portCount: number): string {
  return `#include "${PREFIX}.h"
#include "${PREFIX}__Syms.h"
#include <cstdlib>
#define VG_EXPORT(name) extern "C" __attribute__((export_name(#name)))
// The model lives as long as its memory: destructors of thread-local objects never run.
extern "C" int __cxa_thread_atexit(void (*)(void*), void*, void*) { return 0; }
static VerilatedContext* context;
static ${PREFIX}* model;
static uintptr_t addresses[${portCount + 1}];`;
}

function clockSection(clock: string): string {
  return `VG_EXPORT(vg_rise) void vg_rise() {
  model->${clock} = 1;
  model->eval();
  dump();
}
VG_EXPORT(vg_fall) void vg_fall() {
  model->${clock} = 0;
  model->eval();
  dump();
}
VG_EXPORT(vg_step) void vg_step(uint32_t cycles) {
  while (cycles--) {
    vg_rise();
    vg_fall();
  }
}`;
}

/** A cycle as the test bench runs it: rising edge, new inputs, falling edge. The hash takes in the outputs behind it. */
function replaySection(ports: readonly PortInfo[], clock: string): string {
  let size = 0;
  const copies = recordedInputs(ports, clock).map((port) => {
    const bytes = portBytes(port);
    size += bytes;
    return `    memcpy(&model->${port.name}, input + ${size - bytes}, ${bytes});`;
  });
  const sums = ports
    .filter(({ direction }) => direction === "out")
    .map((port) => `    take(&model->${port.name}, ${portBytes(port)});`);
  return `#include <cstring>
static uint8_t replay_inputs[${REPLAY_BYTES}];
VG_EXPORT(vg_replay_inputs) uint8_t* vg_replay_inputs() { return replay_inputs; }
VG_EXPORT(vg_replay_size) uint32_t vg_replay_size() { return ${size}; }
VG_EXPORT(vg_replay) uint32_t vg_replay(uint32_t cycles, uint32_t hash) {
  const auto take = [&](const void* data, int bytes) {
    for (int i = 0; i < bytes; i += 4) {
      uint32_t word = 0;
      memcpy(&word, static_cast<const uint8_t*>(data) + i, bytes - i < 4 ? bytes - i : 4);
      hash = (hash ^ word) * 16777619u;
    }
  };
  for (const uint8_t* input = replay_inputs; cycles--; input += ${size}) {
    vg_rise();
${copies.join("\n")}
    vg_fall();
${sums.join("\n")}
  }
  return hash;
}`;
}

/** One clock period is 10 ns of VCD time, the rising edge of cycle n at 10 n. */
const traceSection = `#include "verilated_vcd_c.h"
extern "C" __attribute__((import_module("vargen"), import_name("trace_write")))
void vg_trace_write(const char* text, int32_t length);
class TraceSink final : public VerilatedVcdFile {
public:
  bool open(const std::string&) override { return true; }
  void close() override {}
  ssize_t write(const char* text, ssize_t length) override {
    vg_trace_write(text, length);
    return length;
  }
};
static VerilatedVcdC* vcd;
static uint64_t now;
static bool tracing;
static void startTracer() {
  vcd = new VerilatedVcdC{new TraceSink};
  model->trace(vcd, 99);
  // Opened once unheard, so that the writer has its buffers before the heap must stay as it is.
  vcd->open("window.vcd");
  vcd->close();
}
inline void dump() {
  if (tracing) vcd->dump(now);
  now += 5;
}
VG_EXPORT(vg_trace_start) void vg_trace_start() {
  if (!tracing) vcd->open("window.vcd");
  tracing = true;
}
VG_EXPORT(vg_trace_flush) void vg_trace_flush() {
  if (tracing) vcd->flush();
}
VG_EXPORT(vg_trace_stop) void vg_trace_stop() {
  if (tracing) vcd->close();
  tracing = false;
}`;
