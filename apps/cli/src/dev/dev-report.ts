import type { OutputFormat } from '../output-format.ts';
import type { KernelChoice } from './kernel-choice.ts';

/** What `levitate dev` tells, in the order in which it happens. */
export type DevEvent =
  | { readonly event: 'cleaned'; readonly runs: number; readonly labs: readonly string[] }
  | ({ readonly event: 'kernel' } & KernelChoice)
  | {
      readonly event: 'port';
      readonly service: string;
      readonly wanted: number;
      readonly taken: number;
    }
  | {
      readonly event: 'ready';
      readonly service: string;
      readonly address: string;
      readonly pid: number;
      readonly seconds: number;
    }
  /** What is sized, within which bounds, and which real system it is. */
  | {
      readonly event: 'resource';
      readonly kind: string;
      readonly resource: string;
      readonly system: string;
      readonly range: string;
    }
  | {
      readonly event: 'left-out';
      readonly kind: string;
      readonly resource: string;
      readonly why: string;
    }
  | { readonly event: 'plaintext' }
  | { readonly event: 'dashboard'; readonly url: string }
  | { readonly event: 'resources'; readonly url: string }
  | {
      readonly event: 'died';
      readonly service: string;
      readonly why: string;
      readonly restartInMs: number;
    }
  | { readonly event: 'stopping'; readonly why: string }
  /** A resource at its end: the size that it had at the beginning, and the one it was left at. */
  | {
      readonly event: 'put-back';
      readonly resource: string;
      readonly original: number;
      /** Left out where it did not answer any more. */
      readonly size?: number | undefined;
    }
  | { readonly event: 'stopped'; readonly service: string; readonly killed: boolean }
  | { readonly event: 'over' };

/** One event as a line: JSON, or a sentence; `undefined` where a person need not be told. */
export function eventLine(event: DevEvent, format: OutputFormat): string | undefined {
  return format === 'json' ? JSON.stringify(event) : sentence(event);
}

function sentence(event: DevEvent): string | undefined {
  switch (event.event) {
    case 'cleaned': {
      const labs = event.labs.length > 0 ? ` and the kernel lab ${event.labs.join(', ')}` : '';
      return `removed what ${event.runs} killed run(s) left${labs}`;
    }
    case 'kernel':
      return `kernel: ${event.kind} (${event.why})`;
    case 'port':
      return `port ${event.wanted} is taken; ${event.service} takes ${event.taken}`;
    case 'ready':
      return [
        event.service.padEnd(15),
        `${event.address} `.padEnd(22),
        `pid ${String(event.pid).padEnd(8)}`,
        `ready in ${event.seconds.toFixed(1)} s`,
      ].join('');
    case 'resource':
      return [
        `sized  ${event.kind.padEnd(17)}`,
        event.resource.padEnd(22),
        event.range.padEnd(22),
        event.system,
      ].join('');
    case 'left-out':
      return `left out: ${event.kind} ${event.resource}: ${event.why}`;
    case 'plaintext':
      return 'PLAINTEXT: gRPC is neither encrypted nor authenticated; it is on 127.0.0.1 only';
    case 'dashboard':
      return `dashboard ${event.url}`;
    case 'resources':
      return `resources ${event.url}`;
    case 'died':
      return `${event.service} DIED (${event.why}); restarting it in ${event.restartInMs / 1000} s`;
    case 'stopping':
      return `stopping (${event.why})`;
    case 'put-back':
      return putBackSentence(event);
    case 'stopped':
      return event.killed ? `${event.service} did not stop in time and was killed` : undefined;
    case 'over':
      return 'everything is stopped and put back';
  }
}

function putBackSentence({
  resource,
  original,
  size,
}: Extract<DevEvent, { event: 'put-back' }>): string | undefined {
  if (size === original) return undefined;
  if (size === undefined) return `${resource} did not answer at the end`;
  return `${resource} ended with size ${size}, not with its original ${original}`;
}
