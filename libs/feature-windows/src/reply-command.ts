import { Command, type Redis } from 'ioredis';

/**
 * What Redis answers to one command, as Buffers.
 *
 * A command of ioredis, with its promise and so with the reply, stays until the next full
 * collection: it holds a function that V8 puts among the old objects from the start, as it does
 * with every function literal that is assigned to a property. Replies are hundreds of kilobytes a
 * second, so this reply is handed over beside the promise.
 */
export async function replyOf(
  redis: Redis,
  name: string,
  words: readonly (string | number)[],
): Promise<unknown> {
  const command = new ReplyCommand(name, [...words]);
  await redis.sendCommand(command);
  return command.take();
}

class ReplyCommand extends Command {
  #reply: Reply | undefined;

  override transformReply(reply: Parameters<Command['transformReply']>[0]): Reply {
    this.#reply = super.transformReply(reply);
    return '';
  }

  /** The reply, once. */
  take(): Reply | undefined {
    const reply = this.#reply;
    this.#reply = undefined;
    return reply;
  }
}

type Reply = ReturnType<Command['transformReply']>;
