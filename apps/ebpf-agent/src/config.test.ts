import { parseConfig } from '@levitate/service-kit';
import { expect, it } from 'vitest';
import { agentConfig } from './config.ts';

function parse(text: string) {
  return parseConfig({
    service: 'ebpf-agent',
    schema: agentConfig,
    file: { name: 'a.yaml', text },
  });
}

it('without a file there are two simulated lanes with equal traffic', () => {
  const parsed = parse('');
  if (!parsed.ok) throw new Error('not accepted');
  const [reactive, predictive] = parsed.config.simulated_lanes;
  expect([reactive?.name, predictive?.name]).toEqual(['reactive', 'predictive']);
  expect({ ...reactive, name: '' }).toEqual({ ...predictive, name: '' });
  expect(parsed.config).toMatchObject({ kernel: 'auto', interval_ms: 100, poll_ms: 10 });
});

it('links are taken with their namespace and drain', () => {
  const parsed = parse(
    'links:\n  - { name: l, interface: v0, netns: lab, drain_bytes_per_second: 5 }',
  );
  expect(parsed.ok && parsed.config.links).toMatchObject([
    {
      ...{ name: 'l', interface: 'v0', netns: 'lab', drain_bytes_per_second: 5 },
      ...{ actuators: ['qdisc', 'socket-buffers', 'sysctl', 'bpf-map'], packet_bytes: 1_514 },
      socket_direction: 'both',
    },
  ]);
});

it.each([
  ['kernel: rael', 'kernel', 1],
  ['poll_ms: 0', 'poll_ms', 1],
  ['interval_ms: 100\npoll_ms: 30', 'poll_ms', 2],
  ['limit_bytes_min: 900\nlimit_bytes_max: 800', 'limit_bytes_min', 1],
  ['links: [{ name: a, interface: x }, { name: a, interface: y }]', 'links', 1],
  ['links: [{ name: a, interface: x, actuators: [sysctl, sysctl] }]', 'links', 1],
  [
    'links: [{ name: a, interface: x, socket_port: 9 }, { name: b, interface: y, socket_port: 9 }]',
    'links',
    1,
  ],
  ['resources: [{ name: a, kind: jvm, min_bytes: 1, max_bytes: 2 }]', 'resources.0.kind', 1],
  [
    'resources: [{ name: a, kind: cgroup, pid: 9, min_bytes: 1, max_bytes: 2 }]',
    'resources.0.kind',
    1,
  ],
  [
    'resources: [{ name: a, kind: jvm, pid: 9, min_bytes: 3, max_bytes: 2 }]',
    'resources.0.min_bytes',
    1,
  ],
  [
    'resources: [{ name: a/b, kind: jvm, pid: 9, min_bytes: 1, max_bytes: 2 }]',
    'resources.0.name',
    1,
  ],
  ['links:\n  - name: a\n    interface: x\n    sysctl: kernel.panic', 'links.0.sysctl', 4],
  ['links:\n  - name: a\n    interface: a-name-beyond-15', 'links.0.interface', 3],
])('%j is a fault of its key, with the line', (text, key, line) => {
  const parsed = parse(text);
  const faults = parsed.ok ? [] : parsed.faults;
  expect(faults.map((fault) => [fault.key, fault.where])).toEqual([[key, `a.yaml:${line}`]]);
});
