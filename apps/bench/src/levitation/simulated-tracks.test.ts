import { expect, it } from 'vitest';
import type { BenchContext } from '../bench.ts';
import { measureSimulatedTracks } from './simulated-tracks.ts';

function context(over: Partial<BenchContext>): BenchContext {
  return {
    seed: 1,
    quick: true,
    dataDirectory: new URL('../../data', import.meta.url).pathname,
    outDir: '/nowhere',
    signal: new AbortController().signal,
    progress: () => {},
    ...over,
  };
}

it('ends its threads when it is interrupted', async () => {
  const interrupted = new AbortController();
  const lines: string[] = [];
  const progress = (line: string) => {
    lines.push(line);
    interrupted.abort(new Error('enough'));
  };
  const run = measureSimulatedTracks(context({ signal: interrupted.signal, progress }));
  await expect(run).rejects.toThrow('enough');
  expect(lines.length).toBeGreaterThan(0);
});
