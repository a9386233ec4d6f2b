import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ExitCode } from "../../models/errors.ts";
import { readFloatNetwork, readNetwork, writeNetwork } from "../../models/onnx/index.ts";
import { Random } from "../../models/random/random.ts";
import { QdqBuilder } from "../../models/testing/qdq.ts";
import { temporaryFolder } from "../../models/testing/temporary-folder.ts";
import { problemCodes, vargen } from "../testing/run.ts";

const file = temporaryFolder();
let qdq = "";
/** A convolution of stride 3, which the array has not. */
let stride3 = "";

beforeAll(() => {
  const graph = new QdqBuilder(new Random(1), [1, 8, 8, 8]);
  graph.conv(8, { kernel: 3, groups: 1, pad: 1 }, ["Relu"]);
  graph.unary("GlobalAveragePool");
  qdq = file("qdq.onnx");
  writeFileSync(qdq, graph.build().bytes);
  stride3 = file("stride3.onnx");
  const strided = new QdqBuilder(new Random(1), [1, 8, 8, 8]);
  strided.conv(8, { kernel: 3, groups: 1, stride: 3 }, []);
  writeFileSync(stride3, strided.build().bytes);
});

describe("vargen import", () => {
  it("tells where each node runs", async () => {
    const { code, out } = await vargen("import", qdq, "--dry-run");
    expect(code).toBe(ExitCode.ok);
    expect(out).toMatch(/^Conv_\d+ +Conv +array +conv$/m);
    expect(out).toMatch(/^Relu_\d+ +Relu +drain +requantize$/m);
    expect(out).toMatch(/\d+ nodes: 2 on the array, \d+ in its drain, \d+ free by layout, \d+ on the host/);
    const { nodes, places, unmapped } = JSON.parse((await vargen("import", qdq, "--dry-run", "--json")).out);
    expect(places.array).toBe(2);
    expect(nodes).toHaveLength(places.array + places.drain + places.layout + places.host);
    expect(unmapped).toEqual([]);
  });

  it("compiles what the array can run and writes it in QOperator form", async () => {
    const output = file("new/integer.onnx");
    const run = await vargen("import", "models/data/vargnet-fashion.onnx", "-o", output, "--json");
    expect(run.code).toBe(ExitCode.ok);
    expect(JSON.parse(run.out)).toMatchObject({ configuration: "g8m8p7", unmapped: [], output });
    expect(readNetwork(readFileSync(output), "integer.onnx").layers.length).toBeGreaterThan(10);
  });

  it("refuses layers that the array cannot run, files that are none, and conflicting options", async () => {
    const unmapped = await vargen("import", stride3, "--json");
    expect(unmapped.code).toBe(ExitCode.input);
    expect(problemCodes(unmapped)[0]).toMatch(/^compile\/stride Conv_/);
    expect((await vargen("import", "cli/main.ts")).code).toBe(ExitCode.input);
    expect((await vargen("import", file("missing.onnx"))).err).toContain("network/unreadable");
    expect((await vargen("import")).code).toBe(ExitCode.usage);
    expect((await vargen("import", qdq, "--dry-run", "-o", file("x.onnx"))).code).toBe(ExitCode.usage);
  });
});

describe("vargen export", () => {
  it("writes named networks and files as ONNX that is read back", async () => {
    const output = file("named.onnx");
    const run = await vargen("export", "vargnet-v1", "--scale", "0.25", "--input-size", "32", "-o", output);
    expect(run.code).toBe(ExitCode.ok);
    const network = readNetwork(readFileSync(output), "named.onnx");
    expect(network.name).toContain("vargnet-v1");
    expect((await vargen("export", qdq, "-o", file("again.onnx"), "--json")).code).toBe(ExitCode.ok);
    expect(readNetwork(readFileSync(file("again.onnx")), "again.onnx").layers).toHaveLength(3);
  });

  it("writes float networks: named ones with seeded weights, the shipped one as it was trained", async () => {
    const output = file("float.onnx");
    const size = ["--scale", "0.25", "--input-size", "64"];
    expect((await vargen("export", "vargnet-v2-detection", ...size, "--float", "-o", output)).code).toBe(ExitCode.ok);
    const { graph } = readFloatNetwork(readFileSync(output), output);
    expect(graph.outputs.length).toBeGreaterThan(1);
    const shipped = await vargen("export", "vargnet-fashion", "--float", "-o", output, "--json");
    expect(JSON.parse(shipped.out)).toMatchObject({ network: "vargnet-fashion", form: "float", layers: 39 });
    expect(readFloatNetwork(readFileSync(output), output).parameters.size).toBe(31);
    expect((await vargen("export", "vargnet-fashion", "--scale", "2", "-o", output)).err).toContain("usage/conflict");
  });

  it("writes both forms of int8, which are read back alike", async () => {
    const [qdq, integers] = [file("form-qdq.onnx"), file("form-integers.onnx")];
    expect((await vargen("export", "vargnet-fashion", "-o", qdq)).code).toBe(ExitCode.ok);
    const run = await vargen("export", "vargnet-fashion", "--format", "qoperator", "-o", integers);
    expect(run.out).toContain("qoperator");
    const written = [qdq, integers].map((path) => writeNetwork(readNetwork(readFileSync(path), path)));
    expect(Buffer.compare(written[0], written[1])).toBe(0);
    expect(Buffer.compare(written[1], readFileSync("models/data/vargnet-fashion.onnx"))).toBe(0);
  });

  it("needs a file that can be written", async () => {
    expect((await vargen("export", qdq)).code).toBe(ExitCode.usage);
    expect((await vargen("export", qdq, "-o", join(qdq, "below.onnx"))).err).toContain("network/unwritable");
  });
});
