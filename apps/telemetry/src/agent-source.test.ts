import { expect, it } from 'vitest';
import { metricOf, startAgentForTest, startForTest } from './testing/start-for-test.ts';

const now = Date.now();

function sample(step: number, over: object = {}) {
  return {
    link: 'edge',
    sequence: step,
    timeUnixMs: now + step * 100,
    intervalMs: 100,
    queueBytes: step,
    origin: 'SAMPLE_ORIGIN_KERNEL' as const,
    ...over,
  };
}

async function startBoth(settings: object = {}) {
  const agent = await startAgentForTest();
  const started = await startForTest({ agents: [agent.address], ...settings });
  await expect.poll(() => agent.readers, { timeout: 10_000 }).toBe(1);
  const source = `agent ${agent.address}`;
  const metric = (name: string) =>
    metricOf(started.registry, `levitate_telemetry_${name}{source="${source}"}`);
  const steps = async () => {
    const { samples } = await started.client.getWindow({ link: 'edge' });
    return samples.map(({ sequence }) => sequence);
  };
  return { agent, ...started, metric, steps, source };
}

it("an agent's messages become windows and make the service ready", async () => {
  const { agent, readiness, steps, client } = await startBoth();
  expect(readiness.isReady).toBe(false);
  agent.send({ samples: [sample(1)] });
  agent.send({ samples: [sample(2), sample(2)] });
  await expect.poll(steps, { timeout: 10_000 }).toEqual([1, 2]);
  expect(readiness.isReady).toBe(true);
  expect((await client.listLinks({})).links).toMatchObject([{ duplicate: 1, samples: 2 }]);
});

it('an agent that goes away and comes back is followed again, its loss counted', async () => {
  const { agent, readiness, steps, metric, source } = await startBoth();
  agent.send({ samples: [sample(1)] });
  await expect.poll(steps, { timeout: 10_000 }).toEqual([1]);
  await agent.down();
  await expect.poll(() => readiness.isReady, { timeout: 10_000 }).toBe(false);
  expect(readiness.components.find(({ name }) => name === source)?.why).toContain('trying again');
  await agent.up();
  await expect.poll(() => agent.readers, { timeout: 10_000 }).toBe(1);
  agent.send({ samples: [sample(8)] });
  await expect.poll(steps, { timeout: 10_000 }).toEqual([1, 8]);
  expect(readiness.isReady).toBe(true);
  expect(await metric('source_lost_samples_total')).toBe(6);
  expect(await metric('source_disconnects_total')).toBe(1);
});

it('an agent that started again at sequence 1 loses nothing it measured', async () => {
  const { agent, steps, metric } = await startBoth();
  agent.send({ samples: [sample(50)] });
  await expect.poll(steps, { timeout: 10_000 }).toEqual([50]);
  await agent.down();
  await agent.up();
  await expect.poll(() => agent.readers, { timeout: 10_000 }).toBe(1);
  agent.send({ samples: [sample(60, { sequence: 1 })] });
  await expect.poll(steps, { timeout: 10_000 }).toEqual([50, 1]);
  expect(await metric('source_lost_samples_total')).toBeUndefined();
});

it('what an agent lost on its side is counted here', async () => {
  const { agent, metric } = await startBoth();
  agent.send({ samples: [sample(1)], lost: 5 });
  await expect.poll(() => metric('source_lost_samples_total'), { timeout: 10_000 }).toBe(5);
});

it('what an agent sends and cannot be is left out and counted, the rest is taken', async () => {
  const { agent, steps, metric } = await startBoth();
  const bad = [sample(2, { queueBytes: Number.NaN }), sample(3, { timeUnixMs: -1 })];
  agent.send({ samples: [sample(1), ...bad, sample(4)] });
  await expect.poll(steps, { timeout: 10_000 }).toEqual([1, 4]);
  expect(await metric('source_invalid_samples_total')).toBe(2);
});

it('a clock set back on the agent costs no sample after it', async () => {
  const { agent, steps, client } = await startBoth();
  agent.send({ samples: [sample(1), sample(2)] });
  agent.send({ samples: [3, 4].map((step) => sample(step, { timeUnixMs: now - 3e6 + step })) });
  await expect.poll(steps, { timeout: 10_000 }).toEqual([3, 4]);
  expect((await client.listLinks({})).links).toMatchObject([{ clockSteps: 1 }]);
});

it('an agent that falls silent is not ready and is connected anew', async () => {
  const { agent, readiness, metric } = await startBoth({ agent_stall_ms: 500 });
  agent.send({ samples: [sample(1)] });
  await expect.poll(() => readiness.isReady, { timeout: 10_000 }).toBe(true);
  await expect.poll(() => metric('source_disconnects_total'), { timeout: 10_000 }).toBe(1);
  await expect.poll(() => agent.readers, { timeout: 10_000 }).toBe(1);
  agent.send({ samples: [sample(2)] });
  await expect.poll(() => readiness.isReady, { timeout: 10_000 }).toBe(true);
});

it('one agent away does not hold up another', async () => {
  const agent = await startAgentForTest();
  const { client } = await startForTest({ agents: ['127.0.0.1:1', agent.address] });
  await expect.poll(() => agent.readers, { timeout: 10_000 }).toBe(1);
  agent.send({ samples: [sample(1)] });
  const links = async () => (await client.listLinks({})).links.length;
  await expect.poll(links, { timeout: 10_000 }).toBe(1);
});
