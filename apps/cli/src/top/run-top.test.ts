import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { nameFilter } from '../glob.ts';
import { Losses } from '../live/losses.ts';
import { FakeOutput } from '../testing/fake-output.ts';
import { ScriptedServices } from '../testing/scripted-services.ts';
import { LinkTable } from './link-table.ts';
import { runTop, type TopOptions } from './run-top.ts';
import { openTopSources } from './top-sources.ts';

const escapeCode = String.fromCharCode(27);

/** A top of these services, running. */
function top(services: ScriptedServices, options: Partial<TopOptions> & { output?: FakeOutput }) {
  const output = options.output ?? new FakeOutput();
  const keys = Object.assign(new PassThrough(), { isTTY: true, raw: [] as boolean[] });
  const setRawMode = (isRaw: boolean) => keys.raw.push(isRaw);
  const interrupt = new AbortController();
  const table = new LinkTable(nameFilter(options.filters ?? []));
  const losses = new Losses();
  // It stands still: no sample grows old on a slow machine.
  const nowMs = () => 0;
  const { sources, close } = openTopSources({
    ...{ addresses: services.addresses, tls: undefined, table, losses, nowMs },
    links: options.filters ?? [],
  });
  const ended = runTop(
    {
      ...{ sources, table, losses, nowMs },
      unixMs: () => Date.UTC(2026, 0, 1),
      sort: 'rate',
      filters: [],
      format: 'table',
      isOnce: false,
      firstAnswerMs: 60_000,
      ...options,
    },
    {
      ...{ env: {}, root: '/', print: () => {}, complain: () => {} },
      stdout: output,
      openKeys: () => Object.assign(keys, { setRawMode }),
      signal: interrupt.signal,
    },
  ).finally(close);
  return { output, keys, ended, interrupt, losses };
}

const sample = (link: string, throughputBytesPerSecond: number) => ({
  ...{ link, throughputBytesPerSecond, timeUnixMs: 1_000, intervalMs: 100 },
});

async function scripted(): Promise<ScriptedServices> {
  const services = await ScriptedServices.start();
  services.samples.tell({ samples: [sample('eth0', 10_000), sample('eth1', 20_000)], lost: 4 });
  services.targets = [{ name: 'uplink', link: 'eth0', law: 'LAW_REACTIVE', mode: 'MODE_ENFORCE' }];
  const actuator = 'ACTUATOR_KIND_QDISC' as const;
  services.links = [{ link: 'eth0', qdisc: 'tbf', controllable: true, actuator }];
  services.ticks.tell({ ticks: [{ target: 'uplink', timeUnixMs: 1_000 }] });
  return services;
}

it('once is one object with everything every service says', async () => {
  await using services = await scripted();
  const { ended, output } = top(services, { isOnce: true, format: 'json' });
  expect(await ended).toBe(0);
  const { links, sources, losses } = JSON.parse(output.text);
  expect(links).toEqual([
    { link: 'eth1', throughputBytesPerSecond: 20_000 },
    {
      ...{ link: 'eth0', throughputBytesPerSecond: 10_000, actuator: 'qdisc', target: 'uplink' },
      ...{ mode: 'enforce', law: 'reactive', forecast: 'not wanted' },
    },
  ]);
  expect(sources.map(({ state }: { state: string }) => state)).toEqual(Array(3).fill('flowing'));
  expect(losses).toEqual([{ place: 'telemetry', lost: 4 }]);
});

it('with any one of them away it goes on with the others, and says so', async () => {
  for (const away of ['telemetry', 'fsu-controller', 'ebpf-agent'] as const) {
    await using services = await scripted();
    await services.down(away);
    const { ended, output } = top(services, { isOnce: true, format: 'json' });
    expect(await ended).toBe(0);
    const { links, sources } = JSON.parse(output.text);
    expect(links.map(({ link }: { link: string }) => link)).toContain('eth0');
    const states = sources.map((each: { service: string; state: string }) => [
      each.service,
      each.state,
    ]);
    expect(Object.fromEntries(states)).toEqual({
      ...{ telemetry: 'flowing', 'fsu-controller': 'flowing', 'ebpf-agent': 'flowing' },
      [away]: 'away',
    });
  }
});

it('off a terminal it prints plain tables until the reader goes', async () => {
  await using services = await scripted();
  const { ended, output } = top(services, {});
  await output.until((text) => text.split('levitate top').length > 2 && text.includes('eth1'));
  output.fail('EPIPE');
  expect(await ended).toBe(0);
  expect(output.text).not.toContain('\u001b');
});

it('on a terminal it draws in place, follows its size, and q brings the screen back', async () => {
  await using services = await scripted();
  const output = new FakeOutput({ isTTY: true });
  [output.columns, output.rows] = [60, 10];
  const { ended, keys } = top(services, { output });
  await output.until((text) => text.includes('eth1'));
  expect(output.text.startsWith('\u001b[?1049h')).toBe(true);
  [output.columns, output.rows] = [30, 5];
  const before = output.text.length;
  output.emit('resize');
  await output.until((text) => text.length > before);
  const drawn = output.text
    .slice(before)
    .replaceAll(new RegExp(`${escapeCode}\\[[?\\d]*[a-zA-Z]`, 'g'), '');
  const lines = drawn.split('\r\n');
  expect(lines.length).toBeLessThanOrEqual(5);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(30);
  keys.write('q');
  expect(await ended).toBe(0);
  expect(output.text.endsWith('\u001b[?7h\u001b[?25h\u001b[?1049l')).toBe(true);
  expect(keys.raw).toEqual([true, false]);
  expect(output.listenerCount('resize')).toBe(0);
});

it('Ctrl-C leaves too, as a key and as a signal', async () => {
  await using services = await scripted();
  const byKey = top(services, { output: new FakeOutput({ isTTY: true }) });
  await byKey.output.until((text) => text.includes('eth1'));
  byKey.keys.write('\u0003');
  expect(await byKey.ended).toBe(0);
  const bySignal = top(services, {});
  await bySignal.output.until((text) => text.includes('eth1'));
  bySignal.interrupt.abort();
  expect(await bySignal.ended).toBe(0);
});

it('a reader too slow for a refresh a second is told how many it missed', async () => {
  await using services = await scripted();
  const output = new FakeOutput({ isReading: false });
  const samples = Array.from({ length: 400 }, (_, index) => sample(`link-${index}`, 5));
  services.samples.tell({ samples });
  const { ended, losses } = top(services, { output });
  const missed = () => losses.list().find(({ place }) => place === 'here')?.lost ?? 0;
  await expect.poll(missed, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);
  expect(output.writableLength).toBeLessThan(200_000);
  output.read();
  await output.until((text) => /lost \d+ refreshes: this terminal or pipe is too slow/.test(text));
  output.fail('EPIPE');
  expect(await ended).toBe(0);
});

it('a filter of one name is asked of telemetry, and shown', async () => {
  await using services = await scripted();
  const { ended, output } = top(services, { isOnce: true, filters: ['eth1'] });
  expect(await ended).toBe(0);
  expect(services.samples.requests.map(({ links }) => links)).toEqual([['eth1']]);
  expect(output.lines[0]).toBe('levitate top  00:00:00  1 link  by rate  only eth1');
});
