/** A broken protocol rule. */
export interface Violation {
  /** Clock cycle, counted by who runs the monitor. */
  readonly cycle: number;
  /** Port prefix, such as `m_axi`. */
  readonly port: string;
  /** Stable name of the rule, such as `aw/dropped`. */
  readonly rule: string;
  readonly message: string;
}

const KEPT = 100;

/** Collects violations: the first hundred in full, the others by number. */
export class ViolationLog {
  readonly violations: Violation[] = [];
  count = 0;

  add(violation: Violation): void {
    this.count++;
    if (this.violations.length < KEPT) this.violations.push(violation);
  }

  clear(): void {
    this.violations.length = 0;
    this.count = 0;
  }
}

/** One line: `cycle 12 m_axi aw/dropped: ...`. */
export function formatViolation(violation: Violation): string {
  return `cycle ${violation.cycle} ${violation.port} ${violation.rule}: ${violation.message}`;
}
