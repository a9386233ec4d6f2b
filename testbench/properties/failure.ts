/** A case in which the RTL did not do what it must. */
export class CaseFailure extends Error {
  /** Clock cycle at which it was seen. */
  readonly cycle: number;

  constructor(message: string, cycle: number) {
    super(`${message} (seen at clock cycle ${cycle})`);
    this.name = "CaseFailure";
    this.cycle = cycle;
  }
}
