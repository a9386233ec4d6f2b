import { z } from "zod";
import { type FieldDoc, fieldDoc, identifier, integer, oddInteger, oneOf, powerOfTwo } from "./fields.ts";

/** Bytes of one command in memory; commands are fetched in whole bus beats. */
export const COMMAND_BYTES = 64;

/** Bits of one channel's entry in the parameter memory. */
export const PARAMETER_BITS = 128;

/** Every field of a hardware configuration: range, unit and documentation. Presets and files give all of them. */
export const configFields = {
  name: identifier(32, "Name of the configuration; the top module is `vargen_<name>`."),
  groupWidth: oneOf(
    [4, 8, 16],
    "channels",
    "G: input channels of one group; a PE makes the dot product of G channels of one pixel.",
  ),
  outputChannels: oneOf([1, 2, 4, 8, 16, 32], "channels", "M: output channels that share a pixel's G activations."),
  pixelLanes: oddInteger(1, 15, "pixels", "P: pixels of one row computed at once, and banks of the feature memory."),
  drainChannels: integer(
    1,
    32,
    "channels per cycle",
    "R: channels requantised in a cycle for each of the P pixels (R * P requantisation lanes).",
  ),
  axiDataBits: oneOf([64, 128, 256, 512], "bits", "Width of the AXI4 master."),
  featureDepth: powerOfTwo(64, 65536, "words of G bytes per bank", "Depth of each of the P feature banks."),
  weightDepth: integer(16, 65536, "words of M * G bytes", "Depth of the weight memory."),
  parameterDepth: powerOfTwo(
    16,
    65536,
    "words of R * 16 bytes",
    "Depth of the parameter memory (bias, requantisation constants, clamp).",
  ),
  commandQueueDepth: powerOfTwo(2, 64, "commands per engine", "Commands waiting in front of each engine."),
  readBurstBeats: powerOfTwo(1, 64, "beats", "Longest read burst; at most 4096 bytes."),
  readOutstanding: integer(1, 16, "bursts", "Read bursts in flight."),
  writeBurstBeats: powerOfTwo(1, 64, "beats", "Longest write burst; at most 4096 bytes."),
} as const;

/** The zod schema of a configuration, without the cross-checks (`checkConfig` runs both). */
export const configSchema = z.strictObject(configFields);

/** One hardware configuration: the shape of the array, its memories and its bus. See `configFields` for units and ranges. */
export type HwConfig = Readonly<z.infer<typeof configSchema>>;

/** Name of a configuration field. */
export type ConfigKey = keyof HwConfig;

/** All field names, in documentation order. */
export const configKeys = Object.keys(configFields) as ConfigKey[];

/** The documentation of every field, in order: the docs' tables are printed from it. */
export function configDocs(): readonly (FieldDoc & { readonly key: ConfigKey })[] {
  return configKeys.map((key) => ({ key, ...fieldDoc(configFields[key]) }));
}
