import { encodeModel, initializer, operatorNode, valueInfo } from "../onnx/proto.ts";
import { loadModel } from "./onnxruntime.ts";

/**
 * Why ONNX Runtime on this machine is no golden model, or undefined where it is one. Tests against it are skipped then,
 * and the reason is printed.
 *
 * - On x86 without VNNI its uint8 x int8 kernels may add pairs of products in saturating 16 bits: a convolution over
 *   255 x 127 shows it.
 * - On other processors it adds and pools in fixed point instead of float32.
 */
export async function whyInexact(): Promise<string | undefined> {
  const reason = await probe();
  if (reason !== undefined) console.warn(`tests against ONNX Runtime are skipped: ${reason}`);
  return reason;
}

async function probe(): Promise<string | undefined> {
  if (process.arch !== "x64") return `on ${process.arch} its QLinearAdd and pooling are not the float32 forms`;
  const channels = 64;
  const scalar = (name: string, value: number) => initializer(name, [], Float32Array.of(value));
  const model = encodeModel({
    name: "probe",
    node: [operatorNode("QLinearConv", "conv", ["x", "one", "zero", "w", "one", "wz", "scale", "zero"], ["y"])],
    initializer: [
      scalar("one", 1),
      scalar("scale", (channels * 255 * 127) / 200),
      initializer("zero", [], new Uint8Array(1)),
      initializer("w", [1, channels, 1, 1], new Int8Array(channels).fill(127)),
      initializer("wz", [], new Int8Array(1)),
    ],
    input: [valueInfo("x", "uint8", [1, channels, 1, 1])],
    output: [valueInfo("y", "uint8", [1, 1, 1, 1])],
  });
  const data = new Uint8Array(channels).fill(255);
  const run = await loadModel(model);
  const outputs = await run([{ name: "x", type: "uint8", shape: [1, channels, 1, 1], data }]);
  const y = outputs.get("y")?.[0];
  return y === 200 ? undefined : `its uint8 x int8 kernel saturates here (200 expected, ${y} found): no VNNI`;
}
