import { counterRegisters } from "../registers/counters.ts";
import { fieldMask, registerByName } from "../registers/fields.ts";
import { REGISTER_VERSION, type RegisterName, registers } from "../registers/map.ts";
import type { Register, RegisterField } from "../registers/types.ts";
import type { View } from "../render/view.ts";
import { verilogHex, verilogRange } from "./format.ts";

const all: readonly Register[] = registers;

/** Signals of the register block behind the fields that are neither storage nor counters. */
const signals: Readonly<Record<string, string>> = {
  "STATUS.busy": "busy",
  "STATUS.done": "done_q",
  "STATUS.error": "error_q",
  "STATUS.rejected": "rejected_q",
  "STATUS.error_code": "error_code_q",
  "IRQ_STATUS.done": "irq_done_q",
  "IRQ_STATUS.error": "irq_error_q",
  "ERROR_COMMAND.index": "error_command_q",
  "ERROR_INFO.info": "error_info_q",
};

const storage = all.filter(({ kind }) => kind === "storage");
const lower = ({ name }: Register): string => name.toLowerCase();
const lowBit = ({ fields }: Register): number => Math.min(...fields.map(({ lsb }) => lsb));
const highBit = ({ fields }: Register): number => Math.max(...fields.map(({ lsb, bits }) => lsb + bits - 1));

function signalOf(register: Register, field: RegisterField): string {
  if (register.kind === "counter") return `cnt_${lower(register)}_i`;
  const signal = signals[`${register.name}.${field.name}`];
  if (signal === undefined) throw new Error(`no signal behind ${register.name}.${field.name}`);
  return signal;
}

/** A 32-bit concatenation of parts, zeros in the gaps. */
function concatenate(
  parts: readonly { readonly lsb: number; readonly bits: number; readonly signal: string }[],
): string {
  const pieces: string[] = [];
  let top = 32;
  const zeros = (count: number): void => {
    if (count > 0) pieces.push(`${count}'b0`);
  };
  for (const { lsb, bits, signal } of [...parts].sort((a, b) => b.lsb - a.lsb)) {
    zeros(top - lsb - bits);
    pieces.push(signal);
    top = lsb;
  }
  zeros(top);
  return pieces.length === 1 ? pieces[0] : `{${pieces.join(", ")}}`;
}

/** What a bus read of a register returns. */
function readExpression(register: Register): string {
  if (register.kind === "control") return verilogHex(0, 32);
  if (register.kind === "constant") {
    return register.reset === "configuration" ? register.name : verilogHex(register.reset, 32);
  }
  if (register.kind === "storage") {
    const [lsb, high] = [lowBit(register), highBit(register)];
    return concatenate([{ lsb, bits: high - lsb + 1, signal: `${lower(register)}_q` }]);
  }
  return concatenate(register.fields.map((field) => ({ ...field, signal: signalOf(register, field) })));
}

function bitOf(registerName: RegisterName, fieldName: string): number {
  const found = registerByName(registerName).fields.find(({ name }) => name === fieldName);
  if (found === undefined || found.bits !== 1) throw new Error(`no bit ${registerName}.${fieldName}`);
  return found.lsb;
}

function storageView(register: Register): View {
  const [low, high] = [lowBit(register), highBit(register)];
  const covered = register.fields.reduce((sum, field) => sum + fieldMask(field), 0);
  if (covered !== fieldMask({ name: "", doc: "", lsb: low, bits: high - low + 1 })) {
    throw new Error(`storage register ${register.name} has a gap between its fields`);
  }
  if (register.reset === "configuration") throw new Error(`storage register ${register.name} needs a reset value`);
  const reset = verilogHex(register.reset >>> low, high - low + 1);
  return { name: register.name, signal: `${lower(register)}_q`, range: verilogRange(high, low), reset };
}

/** View of the `vargen_registers` template. */
export function registerBlockView(): View {
  const writable = all.filter(({ access }) => access !== "RO");
  const widest = Math.max(...all.map(({ name }) => name.length));
  return {
    version: verilogHex(REGISTER_VERSION, 32),
    addresses: all.map(({ name, offset }) => ({ padded: name.padEnd(widest), address: verilogHex(offset, 12) })),
    counters: counterRegisters.map((register) => ({ port: `cnt_${lower(register)}_i` })),
    storage: storage.map(storageView),
    writable: writable.map(({ name, lockedWhileBusy }) => ({
      padded: name.padEnd(widest),
      error: lockedWhileBusy === true ? "busy" : "1'b0",
    })),
    reads: all.map((register) => ({ padded: register.name.padEnd(widest), value: readExpression(register) })),
    bits: {
      start: bitOf("CONTROL", "start"),
      abort: bitOf("CONTROL", "abort"),
      irqDone: bitOf("IRQ_STATUS", "done"),
      irqError: bitOf("IRQ_STATUS", "error"),
      enableDone: bitOf("IRQ_ENABLE", "done"),
      enableError: bitOf("IRQ_ENABLE", "error"),
    },
  };
}
