import { createHash } from "node:crypto";
import { configKeys, type HwConfig } from "./schema.ts";

/** The canonical JSON of a configuration: every field, keys sorted, no white space. */
export function canonicalJson(config: HwConfig): string {
  return JSON.stringify(Object.fromEntries([...configKeys].sort().map((key) => [key, config[key]])));
}

/** 32-bit hash (unsigned) of a configuration, as in the CONFIG_HASH register: the first 4 bytes of SHA-256, big-endian. */
export function configHash(config: HwConfig): number {
  return createHash("sha256").update(canonicalJson(config)).digest().readUInt32BE(0);
}
