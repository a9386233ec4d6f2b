import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkConfig, generateStandalone, repositoryRoot, topModule } from "../hdl-gen/index.ts";
import { compile } from "../host/index.ts";
import { readNetwork } from "../models/onnx/index.ts";

const root = repositoryRoot();

it.each(readdirSync(join(root, "examples")))(
  "examples/%s is a sound configuration that the shipped network fits",
  (file) => {
    const config = checkConfig(JSON.parse(readFileSync(join(root, "examples", file), "utf8")));
    expect(generateStandalone(config).map(({ path }) => path)).toContain(`${topModule(config)}.v`);
    const network = readNetwork(readFileSync(join(root, "models/data/vargnet-fashion.onnx")), "vargnet-fashion.onnx");
    expect(compile(network, config).statistics.macs).toBe(11_930_624);
  },
);
