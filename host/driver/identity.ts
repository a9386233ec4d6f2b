import {
  capability,
  configHash,
  type HwConfig,
  REGISTER_ID,
  REGISTER_VERSION,
  registerOffset,
} from "../../hdl-gen/index.ts";
import { type Problem, VargenError } from "../../models/errors.ts";
import type { Transport } from "./transport.ts";

const hex = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;

/**
 * Checks that the other side is a vargen accelerator of this configuration and of a compatible register interface.
 * @throws VargenError saying what it is instead
 */
export async function checkIdentity(transport: Transport, config: HwConfig): Promise<void> {
  const problems: Problem[] = [];
  const complain = (code: string, path: string, message: string, hint: string): void => {
    problems.push({ code: `driver/${code}`, path, message, hint });
  };
  const id = await transport.readRegister(registerOffset("ID"));
  if (id !== REGISTER_ID) {
    complain("no-accelerator", "ID", `reads ${hex(id)}, not ${hex(REGISTER_ID)}`, "is this the register port?");
    throw new VargenError(problems);
  }
  const version = await transport.readRegister(registerOffset("VERSION"));
  if (version >>> 16 !== REGISTER_VERSION >>> 16)
    complain(
      "version",
      "VERSION",
      `is ${hex(version)}, this driver speaks ${hex(REGISTER_VERSION)}`,
      "rebuild one of them",
    );
  const shape = await transport.readRegister(registerOffset("CAPABILITY"));
  if (shape !== capability(config))
    complain(
      "capability",
      "CAPABILITY",
      `is ${hex(shape)}, ${config.name} has ${hex(capability(config))}`,
      "use its preset",
    );
  const hash = await transport.readRegister(registerOffset("CONFIG_HASH"));
  if (hash !== configHash(config))
    complain(
      "config-hash",
      "CONFIG_HASH",
      `is ${hex(hash)}, ${config.name} has ${hex(configHash(config))}`,
      "regenerate",
    );
  if (problems.length > 0) throw new VargenError(problems);
}
