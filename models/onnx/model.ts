import { VargenError } from "../errors.ts";
import { decodeModel, type Graph, type Node } from "./proto.ts";

/** Decodes an ONNX file. @throws VargenError if it is damaged or holds no nodes */
export function decodeGraph(bytes: Uint8Array, fileName: string): Graph {
  const hint = "check that the file is ONNX and complete";
  try {
    const { graph } = decodeModel(bytes);
    if (graph && (graph.node ?? []).length > 0) return graph;
  } catch (error) {
    const message = `it cannot be decoded as ONNX: ${error instanceof Error ? error.message : String(error)}`;
    throw new VargenError([{ code: "onnx/damaged", path: fileName, message, hint }]);
  }
  throw new VargenError([{ code: "onnx/damaged", path: fileName, message: "it holds no ONNX graph", hint }]);
}

/** `Operator`, or `domain.Operator` outside ONNX's own domain. */
export function operatorKey(node: Node): string {
  const domain = node.domain && node.domain !== "ai.onnx" ? `${node.domain}.` : "";
  return `${domain}${node.opType ?? ""}`;
}
