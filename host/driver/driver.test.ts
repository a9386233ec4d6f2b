import { describe, expect, it } from "vitest";
import { presets } from "../../hdl-gen/index.ts";
import { runReference } from "../../models/reference/index.ts";
import { compile } from "../compiler/index.ts";
import { encodeCommands } from "../isa/index.ts";
import { InterpreterTransport } from "../testing/interpreter-transport.ts";
import { randomNetwork } from "../testing/random-network.ts";
import { Driver } from "./driver.ts";
import { HardwareError } from "./hardware-error.ts";

const config = presets.g8m8p7;
const sample = randomNetwork(7, { layers: 4, size: 10, channels: 24 });
const program = compile(sample.network, config, { dumpTensors: "all" });
const base = 8192;

async function opened(): Promise<{ driver: Driver; transport: InterpreterTransport }> {
  const transport = new InterpreterTransport(config, base + program.memoryBytes);
  return { transport, driver: await Driver.open(transport, config, { memoryBase: base }) };
}

describe("Driver", () => {
  it("loads, runs, and reads back output and counters", async () => {
    const { driver } = await opened();
    await driver.load(program);
    const expected = runReference(sample.network, sample.input);
    for (let again = 0; again < 2; again++)
      expect(await driver.run(sample.input)).toEqual(
        new Map(sample.network.outputs.map((name) => [name, expected.get(name)])),
      );
    expect(await driver.counters()).toMatchObject({ CYCLES: 0, COMMANDS: 0 });
  });

  it("refuses another device, another configuration, and a program for another one", async () => {
    const other = new InterpreterTransport(presets.g8m8p1, 64);
    await expect(Driver.open(other, config)).rejects.toThrow(/driver\/capability.*\n.*driver\/config-hash/);
    other.registers.set("ID", 0xffffffff);
    await expect(Driver.open(other, config)).rejects.toThrow("ID: reads 0xffffffff");
    const { driver } = await opened();
    await expect(driver.load(compile(sample.network, presets.g8m8p1))).rejects.toThrow("compiled for g8m8p1");
  });

  it("reports a hardware error with the command and its layer", async () => {
    const { driver, transport } = await opened();
    await driver.load(program);
    const index = program.commands.findIndex(({ kind }) => kind === "compute");
    const broken = { ...program.commands[index], outBase: 60000 } as (typeof program.commands)[number];
    transport.writeMemory(base + program.commandOffset + 64 * index, encodeCommands([broken]));
    const error = await driver.run(sample.input).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HardwareError);
    expect(error).toMatchObject({ code: "FEATURE_ADDRESS", report: { command: index } });
    expect(String(error)).toContain("compute");
    expect((error as HardwareError).layer).toContain("l0");
  });
});
