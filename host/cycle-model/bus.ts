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
  #outstanding = 0;
  #nextAddress = 0;
  #dataFree = 0;
  /** Until when data of this direction occupy the feature memory's shared port. */
  portBusy = 0;
  readonly #blocker: Bus | undefined;

  /**
   * @param latency cycles from a burst's address to its first beat
   * @param blocker a bus whose data go first at the feature memory's shared port
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
    this.#agenda.at(client.ready, () => this.#pump());
  }

  #pump(): void {
    const { now } = this.#agenda;
    if (this.#outstanding >= this.#outstandingLimit) return;
    const client = this.#clients.find(({ current, ready }) => current !== undefined && ready <= now);
    if (client?.current === undefined) return;
    const free = Math.max(this.#nextAddress, this.#blocker?.portBusy ?? 0);
    if (free > now) {
      this.#agenda.at(free, () => this.#pump());
      return;
    }
    const { current } = client;
    this.#nextAddress = now + 1;
    this.#outstanding++;
    const beats = current.bursts[client.issued++];
    const last = client.issued === current.bursts.length;
    this.#dataFree = Math.max(now + this.#latency, this.#dataFree) + beats;
    if (current.port) this.portBusy = this.#dataFree;
    this.#agenda.at(this.#dataFree, () => {
      this.#outstanding--;
      if (last) current.done();
      this.#pump();
    });
    if (last) {
      client.current = undefined;
      this.#accept(client);
    } else client.ready = now + latencies.burstInterval;
    this.#agenda.at(now + 1, () => this.#pump());
    this.#agenda.at(now + latencies.burstInterval, () => this.#pump());
  }
}
