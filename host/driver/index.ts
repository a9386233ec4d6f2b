export { type Counters, Driver, type DriverOptions, type RunOptions } from "./driver.ts";
export { HardwareError, type HardwareReport } from "./hardware-error.ts";
export { checkIdentity } from "./identity.ts";
export type { Transport } from "./transport.ts";
