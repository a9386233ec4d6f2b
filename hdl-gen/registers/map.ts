import { counterRegisters } from "./counters.ts";
import type { Register, RegisterField } from "./types.ts";

/** Value of the ID register: the bytes "VARG" in memory order. */
export const REGISTER_ID = 0x47524156;

/** Version of the register interface, major.minor.patch in bits 31:16, 15:8 and 7:0. */
export const REGISTER_VERSION = 0x00000100;

const word = (name: string, doc: string): readonly RegisterField[] => [{ name, lsb: 0, bits: 32, doc }];

/** A setting of the run: 32-bit storage that is locked while a run is in progress. */
const runSetting = <Name extends string>(
  name: Name,
  offset: number,
  fields: readonly RegisterField[],
  doc: string,
): Register & { readonly name: Name } => ({
  name,
  offset,
  access: "RW",
  kind: "storage",
  reset: 0,
  lockedWhileBusy: true,
  fields,
  doc,
});

/**
 * Every register of the accelerator, in address order. The RTL, the driver, the C header and the documentation are all
 * made from this list.
 */
export const registers = [
  {
    name: "ID",
    offset: 0x000,
    access: "RO",
    kind: "constant",
    reset: REGISTER_ID,
    fields: word("id", 'The bytes "VARG".'),
    doc: "Identifies the accelerator.",
  },
  {
    name: "VERSION",
    offset: 0x004,
    access: "RO",
    kind: "constant",
    reset: REGISTER_VERSION,
    fields: [
      { name: "patch", lsb: 0, bits: 8, doc: "Patch version." },
      { name: "minor", lsb: 8, bits: 8, doc: "Minor version: additions only." },
      { name: "major", lsb: 16, bits: 16, doc: "Major version: incompatible changes." },
    ],
    doc: "Version of this register interface.",
  },
  {
    name: "CONFIG_HASH",
    offset: 0x008,
    access: "RO",
    kind: "constant",
    reset: "configuration",
    fields: word("hash", "First 4 bytes of SHA-256 over the configuration's canonical JSON, big-endian."),
    doc: "Hash of the hardware configuration; a driver refuses to run a program compiled for another one.",
  },
  {
    name: "CAPABILITY",
    offset: 0x00c,
    access: "RO",
    kind: "constant",
    reset: "configuration",
    fields: [
      { name: "group_width", lsb: 0, bits: 8, doc: "G, channels of a group." },
      { name: "output_channels", lsb: 8, bits: 8, doc: "M, output channels computed at once." },
      { name: "pixel_lanes", lsb: 16, bits: 8, doc: "P, pixels computed at once." },
      { name: "drain_channels", lsb: 24, bits: 8, doc: "R, channels requantised per cycle." },
    ],
    doc: "Shape of the array.",
  },
  {
    name: "CONTROL",
    offset: 0x010,
    access: "WO",
    kind: "control",
    reset: 0,
    fields: [
      {
        name: "start",
        lsb: 0,
        bits: 1,
        doc: "Write 1 to start at COMMAND_ADDRESS. While busy, or together with abort, it is ignored and sets STATUS.rejected.",
      },
      { name: "abort", lsb: 1, bits: 1, doc: "Write 1 to stop the run; it ends with error code 12 (aborted)." },
    ],
    doc: "Commands to the accelerator; reads as 0.",
  },
  {
    name: "STATUS",
    offset: 0x014,
    access: "RO",
    kind: "status",
    reset: 0,
    fields: [
      { name: "busy", lsb: 0, bits: 1, doc: "A run is in progress." },
      { name: "done", lsb: 1, bits: 1, doc: "The last run reached END; cleared by an accepted start." },
      { name: "error", lsb: 2, bits: 1, doc: "The last run stopped on an error; cleared by an accepted start." },
      {
        name: "rejected",
        lsb: 3,
        bits: 1,
        doc: "A start was ignored (error code 13 in the driver); the run in progress is undisturbed. Cleared by an accepted start.",
      },
      { name: "error_code", lsb: 8, bits: 8, doc: "Code of the first error of the run, see the table; 0 is none." },
    ],
    doc: "State of the accelerator.",
  },
  {
    name: "IRQ_ENABLE",
    offset: 0x018,
    access: "RW",
    kind: "storage",
    reset: 0,
    fields: [
      { name: "done", lsb: 0, bits: 1, doc: "Interrupt when a run reaches END." },
      { name: "error", lsb: 1, bits: 1, doc: "Interrupt when a run stops on an error." },
    ],
    doc: "irq is high while a bit is 1 both here and in IRQ_STATUS.",
  },
  {
    name: "IRQ_STATUS",
    offset: 0x01c,
    access: "W1C",
    kind: "interrupt",
    reset: 0,
    fields: [
      { name: "done", lsb: 0, bits: 1, doc: "A run has reached END." },
      { name: "error", lsb: 1, bits: 1, doc: "A run has stopped on an error." },
    ],
    doc: "Sticky events; write 1 to clear (a start does not clear them). An event in the cycle of the clearing write wins.",
  },
  {
    name: "ERROR_COMMAND",
    offset: 0x020,
    access: "RO",
    kind: "error",
    reset: 0,
    fields: word("index", "Index in the command stream, from 0."),
    doc: "The command that failed; cleared by an accepted start.",
  },
  {
    name: "ERROR_INFO",
    offset: 0x024,
    access: "RO",
    kind: "error",
    reset: 0,
    fields: word("info", "Detail of the error, see the table of error codes."),
    doc: "More about the error; cleared by an accepted start.",
  },
  runSetting(
    "COMMAND_ADDRESS",
    0x030,
    word("offset", "Bytes from MEMORY_BASE, a multiple of 64 (else the run stops with error 6)."),
    "Where the command stream starts.",
  ),
  runSetting(
    "COMMAND_COUNT",
    0x034,
    word("count", "Commands of 64 bytes in the stream, END included."),
    "Length of the command stream.",
  ),
  runSetting(
    "MEMORY_BASE_LOW",
    0x038,
    [{ name: "address", lsb: 12, bits: 20, doc: "Bits 31:12 of the window's address; it is 4 KiB aligned." }],
    "Start of the memory window, low word; bits 11:0 are 0.",
  ),
  runSetting(
    "MEMORY_BASE_HIGH",
    0x03c,
    [{ name: "address", lsb: 0, bits: 8, doc: "Bits 39:32 of the window's address." }],
    "Start of the memory window, high word.",
  ),
  runSetting(
    "MEMORY_SIZE",
    0x040,
    word("bytes", "Bytes of the window."),
    "Size of the memory window; every access is checked against it.",
  ),
  runSetting(
    "BUS_TIMEOUT",
    0x044,
    word("cycles", "Clock cycles; 0 waits for ever."),
    "How long the bus may leave a request unanswered before the run stops with error 10.",
  ),
  ...counterRegisters,
] as const satisfies readonly Register[];

/** Name of a register. */
export type RegisterName = (typeof registers)[number]["name"];
