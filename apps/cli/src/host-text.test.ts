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

it('programs say where they hang, what a run costs, and what was dropped why', () => {
  const programs = {
    programs: [
      {
        ...{ name: 'xdp_buffer_control', link: 'uplink', hook: 'xdp', xdpMode: 'native' },
        ...{ detail: 'by a link that ends with the agent', runCount: 2_000, runTimeNs: 98_000 },
      },
      {
        ...{ name: 'levitate_kfree_skb', link: '', hook: 'tracepoint', xdpMode: '' },
        ...{ detail: 'tp_btf/kfree_skb', runCount: 0, runTimeNs: 0 },
      },
    ],
    ...{ unavailableReason: '', ingress: [] },
    drops: [
      { link: 'uplink', reason: 'NO_SOCKET', packets: 2, bytes: 200 },
      { link: 'uplink', reason: 'QDISC_DROP', packets: 7_012, bytes: 10_518_000 },
    ],
  } as ebpfAgent.ListProgramsResponse;
  const host = hostStatus(capabilities, { links: [] } as never, programs);
  expect(hostLines(host).slice(4).join('\n')).toBe(
    `PROGRAM             LINK    HOOK         RUNS  NS/RUN  DETAIL
xdp_buffer_control  uplink  xdp native  2,000      49  by a link that ends with the agent
levitate_kfree_skb  -       tracepoint      -       -  tp_btf/kfree_skb

LINK    DROPPED BY THE KERNEL FOR  PACKETS       BYTES
uplink  QDISC_DROP                   7,012  10,518,000
uplink  NO_SOCKET                        2         200`,
  );
  const none = { ...programs, programs: [], unavailableReason: 'no BTF' };
  expect(hostLines(hostStatus(capabilities, { links: [] } as never, none)).at(-1)).toBe(
    'programs: none (no BTF)',
  );
});

it('a link that nothing drives says why; an agent without actuators drives the qdisc', () => {
  const [, , , table, ...why] = linesOf(
    link({ controllable: false, notControllableReason: 'the interface is gone' }),
  );
  expect(table).toMatch(/uplink {2}none {6}- /);
  expect(why).toEqual(['uplink: by nothing: the interface is gone']);
  expect(linesOf(link({}))[3]).toMatch(/uplink {2}qdisc {5}tbf /);
});
