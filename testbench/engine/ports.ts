/** A port of a Verilated top module. */
export interface PortInfo {
  readonly name: string;
  readonly direction: "in" | "out";
  /** Bits, at least 1. */
  readonly width: number;
}

/** Bytes that Verilator stores a port in. */
export function portBytes({ width }: PortInfo): number {
  if (width > 64) return Math.ceil(width / 32) * 4;
  return width <= 8 ? 1 : width <= 16 ? 2 : width <= 32 ? 4 : 8;
}

/** The inputs that a recording holds, in its order: all but the clock. */
export function recordedInputs<T extends PortInfo>(ports: readonly T[], clock: string): readonly T[] {
  return ports.filter(({ name, direction }) => direction === "in" && name !== clock);
}

const declaration = /^\s*VL_(INOUT|IN|OUT)(8|16|64|W|)\(&(\w+),(\d+),(\d+)(?:,\d+)?\);/;

/**
 * Reads the ports from the model header that Verilator generated, in its order.
 * @param header text of `<prefix>.h`
 * @throws Error for a port kind that the engine does not drive (inout, arrays)
 */
export function parsePorts(header: string): PortInfo[] {
  const ports: PortInfo[] = [];
  for (const line of header.split("\n")) {
    if (!/^\s*VL_(IN|OUT)/.test(line)) continue;
    const match = declaration.exec(line);
    if (match === null || match[1] === "INOUT") throw new Error(`unsupported port: ${line.trim()}`);
    ports.push({
      name: match[3],
      direction: match[1] === "IN" ? "in" : "out",
      width: Number(match[4]) - Number(match[5]) + 1,
    });
  }
  return ports;
}
