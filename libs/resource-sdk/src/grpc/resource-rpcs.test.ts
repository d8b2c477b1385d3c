import { expect, it } from 'vitest';
import { ResourceHost } from './resource-host.ts';
import { resourceRpcs } from './resource-rpcs.ts';
import { Pool } from './testing/pool.ts';

it('answers for all others within the time of the call where one hangs', async () => {
  const resources = ['a', 'b'].map((name) => new Pool(name));
  const [, b] = resources;
  if (b !== undefined) b.fault = 'measure hangs';
  const host = await ResourceHost.open({ resources, deadlineMs: 60_000 });
  const { measure } = resourceRpcs(host).handlers;
  const call = { deadlineUnixMs: Date.now() + 50 };
  expect(await measure?.({ names: [], reader: '' }, call as never)).toMatchObject({
    outcomes: [
      { name: 'a', measurement: { size: 8 } },
      { name: 'b', failure: { reason: 'RESOURCE_FAILED' } },
    ],
  });
});
