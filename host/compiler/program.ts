import type { HwConfig } from "../../hdl-gen/index.ts";
import type { Network, TensorInfo } from "../../models/ir/network.ts";
import type { Command } from "../isa/index.ts";
import type { MemorySegment } from "./image/builder.ts";
import type { DramStorage } from "./image/dram-storage.ts";
import type { InputPacking } from "./lower/pack-input.ts";

/** A storage in the memory window, and where in it a tensor's channels are. */
export interface StoragePlace extends DramStorage {
  /** From `offset` on. */
  readonly bytes: number;
  /** See `TensorView`. */
  readonly channels: Int32Array;
}

/** Where a tensor of the network is to be found. */
export interface TensorPlace {
  readonly tensor: TensorInfo;
  /** Its storage in the memory window; the output of a run if a layer makes the tensor. */
  readonly dram: StoragePlace | undefined;
  /** Of the network's input where the host packs it: `dram` then holds `packing.shape`. */
  readonly packing?: InputPacking;
  /** Word address in the feature memory of its storage while that lives, if it stays there as a whole. */
  readonly chip: { readonly base: number; readonly words: number } | undefined;
  /** The addition that takes the tensor's place: it never exists by itself. */
  readonly fusedInto: string | undefined;
}

/** A part of the program that makes one tensor. */
export interface OperationInfo {
  /** The layer that makes the output; for a convolution with its addition, the addition. */
  readonly name: string;
  readonly layers: readonly string[];
  readonly output: string;
  /** Multiplications by weights that the network asks for. */
  readonly macs: number;
  /** Strips of rows and columns times block ranges; 1 when all is on chip and it is not interleaved with others. */
  readonly strips: number;
}

/** Figures of a program, known without running it. */
export interface ProgramStatistics {
  readonly commands: number;
  readonly macs: number;
  /** Bytes read from DRAM: commands, weights, parameters, tables and features. */
  readonly dramReadBytes: number;
  readonly dramWriteBytes: number;
  readonly weightBytes: number;
  /** Beats of the array with an ideal memory: the sum over computations of blocks * rows * tiles * max(K, minimum). */
  readonly computeCycles: number;
  /** Bytes of the memory window. */
  readonly memoryBytes: number;
}

/** A network compiled for one configuration. */
export interface Program {
  readonly config: HwConfig;
  readonly network: Network;
  readonly commands: readonly Command[];
  /** For each command the index into `operations`, or -1 (END). */
  readonly commandOperations: readonly number[];
  readonly operations: readonly OperationInfo[];
  readonly tensors: ReadonlyMap<string, TensorPlace>;
  /** What must be in the memory window before a run; input and results lie in its other parts. */
  readonly segments: readonly MemorySegment[];
  /** Bytes of the memory window. */
  readonly memoryBytes: number;
  /** Offset of the command stream in the window. */
  readonly commandOffset: number;
  readonly statistics: ProgramStatistics;
}

/** Layers that a command works for, e.g. `stage1/sep_a.point + stage1/add`; `end` for END. */
export function commandLabel(program: Program, index: number): string {
  const operation = program.operations[program.commandOperations[index]];
  return operation === undefined ? "end" : operation.layers.join(" + ");
}
