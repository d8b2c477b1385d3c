import { realHaproxy } from '@levitate/testing';
import { expect, onTestFinished } from 'vitest';
import { HaproxyLab, type LabSettings, playRequests } from './lab/index.ts';
import { RuntimeApi } from './runtime-api.ts';

const one = { atMs: Float64Array.of(0), work: Float64Array.of(1) };
const three = { atMs: Float64Array.of(0, 1, 2), work: Float64Array.of(0.1, 0.1, 0.1) };
const soon = (): AbortSignal => AbortSignal.timeout(2_000);

async function startLab(settings: Partial<LabSettings> = {}) {
  const servers = [
    { ratePerSecond: 200, weight: 40 },
    { ratePerSecond: 100, weight: 20 },
  ];
  const lab = await HaproxyLab.start({ servers, program: realHaproxy.path, ...settings });
  onTestFinished(() => lab.stop());
  return { lab, api: new RuntimeApi(lab.source) };
}

realHaproxy.describe('the runtime API of a real HAProxy', () => {
  realHaproxy.it('tells which run it is, how servers are set and what they did', async () => {
    const { lab, api } = await startLab({ serverWords: { 1: 'disabled' } });
    await playRequests(three, { frontPath: lab.frontPath });
    const { info, servers, traffic } = await api.read('lab', soon());
    expect(info.version).toMatch(/^\d+\.\d+/);
    expect(info.instance).toMatch(new RegExp(`^${info.pid}-\\d{10}$`));
    expect(servers).toMatchObject([
      { name: 's1', isUp: true, isHeld: false, weight: 40, nominalWeight: 40 },
      { name: 's2', isUp: false, isHeld: true, weight: 20, nominalWeight: 20 },
    ]);
    expect(traffic.backend).toMatchObject({ arrivals: 3, current: 0, queued: 0, failed: 0 });
    expect(traffic.servers.get('s1')?.arrivals).toBe(3);
  });

  realHaproxy.it('sets weights and states, and says which command was refused', async () => {
    const { api } = await startLab();
    await api.setWeights(
      'lab',
      [
        ['s1', 7],
        ['s2', 0],
      ],
      soon(),
    );
    await api.setState('lab', 's2', 'maint', soon());
    const { servers } = await api.read('lab', soon());
    expect(servers).toMatchObject([
      { weight: 7, isHeld: false },
      { weight: 0, isHeld: true },
    ]);
    await expect(api.setWeights('lab', [['s9', 1]], soon())).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('s9'),
    });
    await expect(api.read('other', soon())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(api.ask(['levitate'], soon())).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });

  realHaproxy.it('adds a server that then serves, and removes it', async () => {
    const { lab, api } = await startLab();
    const { port } = lab.servers[0] as { port: number };
    const added = { backend: 'lab', name: 'added', host: '127.0.0.1', port, weight: 256 };
    await api.addServer({ ...added, checkEveryMs: 100, connectionsMax: 50 }, soon());
    await expect(api.addServer(added, soon())).rejects.toMatchObject({ code: 'REFUSED' });
    await api.setWeights(
      'lab',
      [
        ['s1', 0],
        ['s2', 0],
      ],
      soon(),
    );
    const { delayMs } = await playRequests(one, {
      frontPath: lab.frontPath,
      lateMs: Number.POSITIVE_INFINITY,
    });
    expect(delayMs[0]).not.toBeNaN();
    expect((await api.read('lab', soon())).traffic.servers.get('added')?.arrivals).toBe(1);
    await api.setState('lab', 'added', 'maint', soon());
    await api.deleteServer('lab', 'added', soon());
    expect((await api.read('lab', soon())).servers.map(({ name }) => name)).toEqual(['s1', 's2']);
  });

  realHaproxy.it('cannot change anything through a socket that may only look', async () => {
    const { api } = await startLab({ level: 'user' });
    await expect(api.setWeights('lab', [['s1', 1]], soon())).rejects.toMatchObject({
      code: 'DENIED',
      nextStep: 'give the socket `level admin`',
    });
  });

  realHaproxy.it('asks more than one line holds in several connections', async () => {
    const { api } = await startLab();
    const commands = Array.from({ length: 2_000 }, () => 'show servers state lab');
    const answers = await api.ask(commands.slice(0, 1_000), soon());
    expect(answers).toHaveLength(1_000);
    expect(new Set(answers.map((answer) => answer.split('\n').length))).toEqual(new Set([4]));
  });
});
