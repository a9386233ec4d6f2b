/** Public face of host: commands, arithmetic, compiler, interpreter. */
export * from "./arithmetic/index.ts";
export * from "./compiler/index.ts";
export * from "./cycle-model/index.ts";
export * from "./driver/index.ts";
export * from "./isa/index.ts";
export * from "./reference-interpreter/index.ts";
