import type { Redis } from 'ioredis';
import { LeanCommand } from './lean-command.ts';

/** What became of one command: an error, or what Redis answered. */
export type CommandOutcome = readonly [error: Error | null, answer: unknown];

/**
 * Commands that go to Redis in one write and are answered one by one. A pipeline of ioredis does
 * that too, but each makes a hidden class of its own (it defines `length` on itself), and classes
 * are old objects: it would stay as `LeanCommand` says.
 */
export class CommandBatch {
  readonly #commands: LeanCommand[] = [];

  /** One more, by its name and words. */
  add(name: string, ...words: (string | number)[]): void {
    this.addCommand(new LeanCommand(name, words, 'utf8'));
  }

  addCommand(command: LeanCommand): void {
    this.#commands.push(command);
  }

  /** Never rejects: on a connection that is lost each command has that as its error. */
  async send(redis: Redis): Promise<CommandOutcome[]> {
    const { stream } = redis;
    stream?.cork();
    const sent = this.#commands.map((command) => command.sendTo(redis).then(answerOf, errorOf));
    stream?.uncork();
    return await Promise.all(sent);
  }
}

function answerOf(answer: unknown): CommandOutcome {
  return [null, answer];
}

function errorOf(error: unknown): CommandOutcome {
  return [error instanceof Error ? error : new Error(String(error)), undefined];
}
