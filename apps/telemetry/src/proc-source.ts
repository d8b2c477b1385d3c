import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openQueues } from './proc-queues.ts';
import { type ProcLink, type ProcReading, ProcSampler } from './proc-sampler.ts';
import { type SourceContext, SourceState } from './source.ts';

/** @see followProc */
export interface ProcOptions {
  links: readonly ProcLink[];
  intervalMs: number;
  /** `/proc/net`, or a folder like it. */
  directory: string;
}

/** Reads the host's counters every interval until the signal aborts. */
export function followProc(options: ProcOptions, context: SourceContext): Promise<void> {
  const { links, intervalMs, directory } = options;
  const state = new SourceState('proc', context);
  const sampler = new ProcSampler(links);
  const queues = openQueues((reason) =>
    context.logger.warn({ source: 'proc', reason }, 'samples go without queue and limit'),
  );
  const look = (): void => {
    try {
      const samples = sampler.read({ ...readingOf(directory, context), queues: queues.read() });
      if (sampler.missing.length > 0) {
        const names = sampler.missing.join(', ');
        state.down(`${directory}/dev has no interface ${names}; proc.links names it`);
      } else {
        state.up();
      }
      if (samples.length > 0) context.ingest.append(samples).catch(() => {});
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      state.down(`cannot read ${directory}: ${reason}; set proc.links to [] on a host without it`);
    }
  };
  look();
  return new Promise((resolve) => {
    const timer = setInterval(look, intervalMs);
    const stop = (): void => {
      clearInterval(timer);
      queues.close();
      resolve();
    };
    if (context.signal.aborted) stop();
    else context.signal.addEventListener('abort', stop, { once: true });
  });
}

/** Read at once: procfs answers from memory in microseconds, a thread hop would cost more. */
function readingOf(directory: string, { clock }: SourceContext): ProcReading {
  const netDev = readFileSync(join(directory, 'dev'), 'utf8');
  const reading = { netDev, unixMs: clock.unixMs(), monotonicMs: clock.monotonicMs() };
  return { ...reading, snmp: snmpOf(directory) };
}

function snmpOf(directory: string): string | undefined {
  try {
    return readFileSync(join(directory, 'snmp'), 'utf8');
  } catch {
    return undefined;
  }
}
