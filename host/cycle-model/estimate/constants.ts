/** Cycles that the RTL's pipelines take: read off rtl/lib, to be held to it by measurement. */
export const latencies = {
  /** CONTROL.start to the first request of the command fetch. */
  start: 6,
  /** A command from the last of its beats to the dispatcher. */
  assemble: 3,
  /** The dispatcher per command, from seeing it to handing it out. */
  dispatch: 4,
  /** From handing a computation out to its first beat. */
  computeStart: 3,
  /** From a count reaching a wait to the first beat. */
  computeWait: 2,
  /** From a tile's last beat to the write of its first drain step; the last of M/R steps comes M/R - 1 later. */
  drain: 24,
  /** From the last write to the completed count. */
  computeDone: 2,
  /** A transfer from the queue to knowing its beats, besides one cycle per bit of the line count. */
  transferTake: 3,
  /** From a transfer's waits being met to asking the bus master. */
  transferAsk: 2,
  /** The bus master's check of a request. */
  transferCheck: 3,
  /** From the check to the first burst's address on the bus. */
  firstBurst: 3,
  /** Cycles per burst that a client can issue. */
  burstInterval: 2,
  /** From a data beat on the bus to its effect on chip. */
  loadDone: 4,
  /** From a store's request to its first data beat. */
  storeData: 8,
  /** From a write response to the completed count. */
  storeDone: 3,
  /** From END, with everything complete, to the end of the run. */
  finish: 5,
} as const;

/** Commands that the fetch unit buffers, and those of one request. */
export const fetchAhead = 8;
export const fetchChunk = 4;
