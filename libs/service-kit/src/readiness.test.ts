import { expect, it } from 'vitest';
import { Readiness } from './readiness.ts';

it('is ready when every part works, and tells its watchers each change once', () => {
  const readiness = new Readiness();
  const heard: boolean[] = [];
  readiness.watch((isReady) => heard.push(isReady));
  readiness.set('source', false, 'connecting');
  readiness.set('sink', true);
  readiness.set('source', true);
  readiness.set('source', true);
  expect(readiness.isReady).toBe(true);
  readiness.set('sink', false, 'disk full');
  expect(readiness.components).toEqual([
    { name: 'source', ok: true, why: '' },
    { name: 'sink', ok: false, why: 'disk full' },
  ]);
  expect(heard).toEqual([false, true, false]);
});

it('is never ready again once it stops', () => {
  const readiness = new Readiness();
  readiness.set('source', true);
  readiness.stop();
  readiness.set('source', true);
  expect(readiness.isReady).toBe(false);
  expect(readiness.components.at(-1)).toEqual({ name: 'service', ok: false, why: 'stopping' });
});

it('without a part is not ready', () => {
  expect(new Readiness().isReady).toBe(false);
});
