export { AxiLiteMonitor } from "./axi-lite-monitor.ts";
export { AxiMonitor, type AxiMonitorOptions } from "./axi-monitor.ts";
export { PortMonitors } from "./port-monitors.ts";
export { formatViolation, type Violation, ViolationLog } from "./violations.ts";
