import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeModel, type Node } from "../../onnx/proto.ts";
import { type LoadedModel, loadModel } from "../onnxruntime.ts";

/** Float operators that compute, rather than move, choose or round values: their results depend on float32's rounding. */
const floatArithmetic: ReadonlySet<string> = new Set([
  ...["Conv", "FusedConv", "Gemm", "FusedGemm", "MatMul", "FusedMatMul", "Add", "AveragePool", "GlobalAveragePool"],
  ...["ReduceMean", "BatchNormalization", "Mul", "DynamicQuantizeMatMul", "MatMulIntegerToFloat"],
]);

/** A model that was loaded with optimisations, and what they made of it. */
export interface OptimizedModel {
  readonly run: LoadedModel;
  /** Nodes of the graph that runs. */
  readonly nodes: readonly Node[];
  /** Operators of it that compute in float: none where every one was fused into an integer operator. */
  readonly floatOperators: readonly string[];
}

/**
 * Loads a model and looks at the graph that ONNX Runtime makes of it; undefined where its optimisations make one that
 * cannot run (version 1.30 may refuse its own result, or lose one of several outputs, which would crash it).
 */
export async function loadOptimized(model: Uint8Array): Promise<OptimizedModel | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "vargen-graph-"));
  try {
    const optimizedPath = join(folder, "optimized.onnx");
    const run = await loadModel(model, { optimizedPath }).catch(() => undefined);
    if (run === undefined) return undefined;
    const { node: nodes = [], output = [] } = decodeModel(readFileSync(optimizedPath)).graph ?? {};
    const made = new Set((nodes ?? []).flatMap((node) => node.output ?? []));
    if (!(output ?? []).every(({ name }) => made.has(name ?? ""))) return undefined;
    const floatOperators = (nodes ?? []).flatMap(({ opType }) =>
      floatArithmetic.has(opType ?? "") ? [opType ?? ""] : [],
    );
    return { run, nodes: nodes ?? [], floatOperators };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
