/** Public face of hdl-gen: configurations, the register map, and generation. */
export { checkConfig, configProblems } from "./config/check.ts";
export { crossChecks } from "./config/cross-checks.ts";
export { type DerivedFigures, deriveFigures } from "./config/derived.ts";
export { canonicalJson, configHash } from "./config/hash.ts";
export { loadConfig } from "./config/load.ts";
export { defaultPreset, isPreset, type PresetName, preset, presetNames, presets } from "./config/presets.ts";
export {
  COMMAND_BYTES,
  type ConfigKey,
  configDocs,
  type HwConfig,
  PARAMETER_BITS,
} from "./config/schema.ts";
export { checkGenerated, compareFiles } from "./generate/drift.ts";
export {
  type GeneratedFile,
  type GenerateOptions,
  generate,
  generateStandalone,
} from "./generate/generate.ts";
export { type LibraryModule, readLibrary, requiredModules } from "./generate/library.ts";
export { committedFolder, repositoryRoot } from "./generate/paths.ts";
export { writeFiles } from "./generate/write.ts";
export { type LintOptions, lintPreset } from "./lint/lint.ts";
export type { SynthesisEffort } from "./lint/mapping-check.ts";
export { type LintCheck, type LintReport, lintPassed } from "./lint/report.ts";
export { type CounterName, counterNames } from "./registers/counters.ts";
export { type ErrorCode, type ErrorName, errorByCode, errorByName, errorCodes } from "./registers/errors.ts";
export {
  capability,
  decodeRegister,
  encodeRegister,
  fieldMask,
  registerByName,
  registerMask,
  registerOffset,
  resetValue,
} from "./registers/fields.ts";
export { REGISTER_ID, REGISTER_VERSION, type RegisterName, registers } from "./registers/map.ts";
export type { Register, RegisterField } from "./registers/types.ts";
export { regenerateCommand } from "./views/banner.ts";
export { topModule } from "./views/top.ts";
