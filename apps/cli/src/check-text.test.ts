import { expect, it } from 'vitest';
import { checkLines } from './check-text.ts';
import type { Finding } from './preflight.ts';

const good = { ok: true, fix: '' };
const findings: Finding[] = [
  { what: 'node', neededFor: 'everything', detail: 'Node 24.1.0', ...good },
  { what: 'port 7410', neededFor: 'ports', detail: 'free', ...good },
  {
    ...{ what: 'tc', neededFor: 'real kernel', detail: 'not found', debian: 'iproute2' },
    ...{ ok: false, fix: 'apt-get install iproute2' },
  },
  { what: 'btf', neededFor: 'eBPF', detail: '/sys/kernel/btf/vmlinux', ...good },
];

it('findings stand in groups, what is missing with its fix, and a summary says for what', () => {
  expect(checkLines(findings).join('\n')).toBe(
    `Required:
  node       ok       Node 24.1.0

For the real kernel (without it: a simulated one):
  tc         MISSING  not found
                      fix: apt-get install iproute2

For eBPF (without it: counters of the qdisc, read ten times a second):
  btf        ok       /sys/kernel/btf/vmlinux

Default ports (without one: levitate dev takes the next):
  port 7410  ok       free

FOR          MISSING
everything   ok
real kernel  tc
eBPF         ok
ports        ok
On Debian: apt-get install iproute2`,
  );
});
