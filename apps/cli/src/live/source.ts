import { setTimeout as delay } from 'node:timers/promises';
import { RpcError, reconnecting } from '@levitate/grpc-kit';
import type { ServiceName } from '../services.ts';
import { type SourceState, stateOfFailure } from './source-state.ts';

/** One stream of a service, or one question asked again and again. */
export interface Source {
  readonly service: ServiceName;
  /** Runs until the signal aborts; `onState` hears of every change. */
  readonly run: (signal: AbortSignal, onState: (state: SourceState) => void) => Promise<void>;
}

/** A stream that is opened again when it breaks, at most 2 s later. */
export function streamSource<Message>(options: {
  readonly service: ServiceName;
  readonly open: (signal: AbortSignal) => AsyncIterable<Message>;
  readonly onMessage: (message: Message) => void;
}): Source {
  const { service, open, onMessage } = options;
  return {
    service,
    async run(signal, onState) {
      const down = (error: unknown) => onState(stateOfFailure(service, error));
      const stream = reconnecting({
        open,
        signal,
        onDown: down,
        waitMs: { first: 100, longest: 2_000 },
      });
      try {
        for await (const message of stream) {
          onState({ service, state: 'flowing', why: '' });
          onMessage(message);
        }
      } catch (error) {
        // It throws where trying again cannot help; anything else is a fault of ours.
        if (!(error instanceof RpcError)) throw error;
        if (!signal.aborted) down(error);
      }
    },
  };
}

/** A question asked every `everyMs`; an answer that does not come leaves the last one standing. */
export function pollSource<Answer>(options: {
  readonly service: ServiceName;
  readonly everyMs: number;
  readonly ask: (signal: AbortSignal) => Promise<Answer>;
  readonly onAnswer: (answer: Answer) => void;
}): Source {
  const { service, everyMs, ask, onAnswer } = options;
  return {
    service,
    async run(signal, onState) {
      while (!signal.aborted) {
        const asked = await ask(signal).then(
          (answer) => ({ answer }),
          (error: unknown) => ({ error }),
        );
        if (signal.aborted) return;
        if ('answer' in asked) {
          onState({ service, state: 'flowing', why: '' });
          onAnswer(asked.answer);
        } else {
          onState(stateOfFailure(service, asked.error));
        }
        await delay(everyMs, undefined, { signal }).catch(() => {});
      }
    },
  };
}
