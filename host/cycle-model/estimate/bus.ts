import type { Agenda } from "./agenda.ts";
import { latencies } from "./constants.ts";

/** A request to the bus master: bursts that it is split into. */
interface Request {
  readonly bursts: readonly number[];
  /** Its data go through the feature memory's shared port. */
  readonly port: boolean;
  readonly taken: () => void;
  readonly done: () => void;
}

/** A client of a bus master: one request at a time is split into bursts, the next one is checked meanwhile. */
interface Client {
  readonly waiting: Request[];
  current: Request | undefined;
  issued: number;
  ready: number;
}

/** Splits a transfer into bursts that end at multiples of `burstBeats`. @param firstBeat its address in beats */
export function burstsOf(firstBeat: number, beats: number, burstBeats: number): readonly number[] {
  const bursts: number[] = [];
  for (let position = firstBeat; position < firstBeat + beats; ) {
    const length = Math.min(burstBeats - (position % burstBeats), firstBeat + beats - position);
    bursts.push(length);
    position += length;
  }
  return bursts;
}

/** One direction of the bus: bursts of several clients, the first client before the others, data in order. */
export class Bus {
  readonly #agenda: Agenda;
  readonly #latency: number;
  readonly #outstandingLimit: number;
  readonly #clients: readonly Client[];
  /** When the last beats of the bursts under way come, in order. */
  readonly #ends: number[] = [];
  #nextAddress = 0;
  #dataFree = 0;
  /** When the next burst is tried. */
  #pumpTime = Number.POSITIVE_INFINITY;
  /** Until when data of this direction occupy the feature memory's shared port. */
  portBusy = 0;
  readonly #blocker: Bus | undefined;

  /**
   * @param latency cycles from a burst's address to its first beat
   * @param blocker a bus that holds up this one at the feature memory's shared port; in truth their data take turns, but
   *   full waiting is nearer to the RTL than turns alone
   */
  constructor(agenda: Agenda, clients: number, latency: number, outstandingLimit: number, blocker?: Bus) {
    this.#blocker = blocker;
    this.#agenda = agenda;
    this.#latency = latency;
    this.#outstandingLimit = outstandingLimit;
    this.#clients = Array.from({ length: clients }, () => ({ waiting: [], current: undefined, issued: 0, ready: 0 }));
  }

  /**
   * Asks for a transfer.
   * @param taken called when the request is accepted and the client may ask again
   * @param done called with the last beat
   */
  request(client: number, bursts: readonly number[], port: boolean, taken: () => void, done: () => void): void {
    this.#clients[client].waiting.push({ bursts, port, taken, done });
    this.#agenda.at(this.#agenda.now + latencies.transferCheck, () => this.#accept(this.#clients[client]));
  }

  #accept(client: Client): void {
    if (client.current !== undefined) return;
    client.current = client.waiting.shift();
    if (client.current === undefined) return;
    client.issued = 0;
    client.ready = this.#agenda.now + latencies.firstBurst;
    client.current.taken();
    this.#wake(client.ready);
  }

  #wake(time: number): void {
    if (time >= this.#pumpTime) return;
    this.#pumpTime = time;
    this.#agenda.at(time, () => {
      if (this.#pumpTime === time) this.#pump();
    });
  }

  /** Issues bursts, one after another for as long as nothing else happens between them. */
  #pump(): void {
    this.#pumpTime = Number.POSITIVE_INFINITY;
    for (let next = this.#issue(); next !== undefined; next = this.#issue()) {
      if (this.#agenda.advance(next)) continue;
      this.#wake(next);
      return;
    }
  }

  /** Issues a burst if one can be now. @returns when to try again, if there is more to come */
  #issue(): number | undefined {
    const { now } = this.#agenda;
    while (this.#ends.length > 0 && this.#ends[0] <= now) this.#ends.shift();
    let chosen: Client | undefined;
    let earliest = Number.POSITIVE_INFINITY;
    for (const client of this.#clients) {
      if (client.current === undefined) continue;
      if (client.ready <= now) chosen ??= client;
      if (client.ready < earliest) earliest = client.ready;
    }
    if (chosen?.current === undefined) return earliest < Number.POSITIVE_INFINITY ? earliest : undefined;
    if (this.#ends.length >= this.#outstandingLimit) return this.#ends[0];
    const free = Math.max(this.#nextAddress, this.#blocker?.portBusy ?? 0);
    if (free > now) return free;
    this.#start(chosen, chosen.current);
    return now + 1;
  }

  #start(client: Client, { bursts, port, done }: Request): void {
    const { now } = this.#agenda;
    this.#nextAddress = now + 1;
    const beats = bursts[client.issued++];
    this.#dataFree = Math.max(now + this.#latency, this.#dataFree) + beats;
    this.#ends.push(this.#dataFree);
    if (port) this.portBusy = this.#dataFree;
    if (client.issued < bursts.length) {
      client.ready = now + latencies.burstInterval;
      return;
    }
    this.#agenda.at(this.#dataFree, done);
    client.current = undefined;
    this.#accept(client);
  }
}
