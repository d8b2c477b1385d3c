import { Command, type Redis } from 'ioredis';

/** What became of one command: an error, or what Redis answered. */
export type CommandOutcome = readonly [error: Error | null, answer: unknown];

/**
 * Commands that go to Redis in one write and are answered one by one.
 *
 * What a pipeline of ioredis is, without its cost: each of those has a hidden class of its own (it
 * defines `length` on itself), and a class is old from the start, so that the pipeline and all that
 * hangs on it stay until the next full collection. At 10,000 samples a second that was 14 MB for
 * each small collection to move, and pauses of 30 ms.
 */
export class CommandBatch {
  readonly #commands: Command[] = [];

  get length(): number {
    return this.#commands.length;
  }

  /** One more, by its name and words. */
  add(name: string, ...words: (string | number)[]): void {
    this.addCommand(new Command(name, words, { replyEncoding: 'utf8' }));
  }

  addCommand(command: Command): void {
    this.#commands.push(command);
  }

  /** Never rejects: on a connection that is lost each command has that as its error. */
  async send(redis: Redis): Promise<CommandOutcome[]> {
    const commands = this.#commands;
    const outcomes = commands.map(({ promise }) => promise.then(answerOf, errorOf));
    const { stream } = redis;
    stream?.cork();
    try {
      for (const command of commands) redis.sendCommand(command);
    } finally {
      stream?.uncork();
    }
    return await Promise.all(outcomes);
  }
}

function answerOf(answer: unknown): CommandOutcome {
  return [null, answer];
}

function errorOf(error: unknown): CommandOutcome {
  return [error instanceof Error ? error : new Error(String(error)), undefined];
}
