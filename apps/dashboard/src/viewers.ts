import type { ServerResponse } from 'node:http';
import type { Picture } from './picture.ts';

/** What a page gets next; `behind` has missed a round while it was still `taking` the last. */
type Due = 'whole' | 'changes' | 'taking' | 'behind';

/**
 * The open pages. Each gets the whole picture first, then the changes of every round. One that
 * reads too slowly is left out until what was sent has gone, and then gets the whole again, so a
 * page costs at most one picture of memory.
 */
export class Viewers {
  readonly #picture: Picture;
  readonly #viewersMax: number;
  #responses = new Map<ServerResponse, Due>();

  constructor(options: { picture: Picture; viewersMax: number }) {
    this.#picture = options.picture;
    this.#viewersMax = options.viewersMax;
  }

  get count(): number {
    return this.#responses.size;
  }

  /** Takes a response that has its headers; false when there are too many. */
  add(response: ServerResponse): boolean {
    if (this.#responses.size >= this.#viewersMax) return false;
    this.#responses.set(response, 'whole');
    response.on('close', () => this.#responses.delete(response));
    return true;
  }

  /** Sends a round to everyone. */
  send(nowUnixMs: number): void {
    const update = event('update', this.#picture.takeUpdate(nowUnixMs));
    let whole: string | undefined;
    for (const [response, due] of this.#responses) {
      if (due === 'taking') this.#responses.set(response, 'behind');
      if (due === 'taking' || due === 'behind') continue;
      if (due === 'whole') whole ??= event('picture', this.#picture.snapshot(nowUnixMs));
      const isTaken = response.write(due === 'whole' ? whole : update);
      this.#responses.set(response, isTaken ? 'changes' : 'taking');
      if (!isTaken) response.once('drain', () => this.#drained(response));
    }
  }

  /** Ends every stream; the pages reconnect by themselves. */
  close(): void {
    for (const response of this.#responses.keys()) response.end();
    this.#responses.clear();
  }

  #drained(response: ServerResponse): void {
    const due = this.#responses.get(response);
    if (due !== undefined) this.#responses.set(response, due === 'behind' ? 'whole' : 'changes');
  }
}

function event(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
