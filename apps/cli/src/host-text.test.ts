import type { ebpfAgent } from '@levitate/contracts';
import { expect, it } from 'vitest';
import { hostLines, hostStatus } from './host-text.ts';

const link = (of: object) =>
  ({
    ...{ link: 'uplink', interface: 'eth0', qdisc: 'tbf', controllable: true },
    ...{ notControllableReason: '', limitBytes: 524_288, originalLimitBytes: 60_000 },
    ...{ leaseHolder: '', actuatorTarget: '', actuatorsUnavailable: [] },
    actuator: 'ACTUATOR_KIND_UNSPECIFIED',
    ...of,
  }) as unknown as ebpfAgent.Link;
const capabilities = {
  ...{ kernel: 'KERNEL_KIND_REAL', simulatedReason: '' },
  capabilities: [
    { name: 'btf', present: true, detail: 'there', fix: '' },
    { name: 'clsact', present: false, detail: 'refused', fix: 'run as root' },
  ],
} as ebpfAgent.GetCapabilitiesResponse;
const linesOf = (...links: ebpfAgent.Link[]) =>
  hostLines(hostStatus(capabilities, { links } as ebpfAgent.ListLinksResponse));

it('each link says what drives it and why nothing earlier in its chain does', () => {
  const sysctl = link({
    ...{ actuator: 'ACTUATOR_KIND_SYSCTL', actuatorTarget: 'net.core.wmem_max' },
    actuatorsUnavailable: [
      { kind: 'ACTUATOR_KIND_QDISC', reason: 'noqueue has no limit; add a tbf' },
      { kind: 'ACTUATOR_KIND_SOCKET_BUFFERS', reason: 'no port is configured' },
    ],
    leaseHolder: 'fsu-1',
  });
  expect(linesOf(sysctl)).toEqual([
    'kernel: real',
    'missing: clsact (levitate check has the fixes)',
    '',
    [
      'LINK    ACTUATOR  WHERE              LIMIT BYTES  ORIGINAL  LEASE',
      'uplink  sysctl    net.core.wmem_max      524,288    60,000  fsu-1',
    ].join('\n'),
    'uplink: not by qdisc: noqueue has no limit; add a tbf',
    'uplink: not by socket-buffers: no port is configured',
  ]);
});

it('a link that nothing drives says why; an agent without actuators drives the qdisc', () => {
  const [, , , table, ...why] = linesOf(
    link({ controllable: false, notControllableReason: 'the interface is gone' }),
  );
  expect(table).toMatch(/uplink {2}none {6}- /);
  expect(why).toEqual(['uplink: by nothing: the interface is gone']);
  expect(linesOf(link({}))[3]).toMatch(/uplink {2}qdisc {5}tbf /);
});
