import { type Capability, probeCapabilities } from '@levitate/kernel';
import { expect, it } from 'vitest';
import { preflight } from './preflight.ts';

const tc: Capability = {
  name: 'tc',
  present: false,
  detail: 'not found',
  fix: 'apt-get install iproute2',
  isRequired: true,
};

it('what is missing comes with the reason, the fix and the Debian package', async () => {
  const findings = await preflight({ env: {}, capabilities: [tc], nodeVersion: '20.20.2' });
  expect(findings.find(({ what }) => what === 'tc')).toEqual({
    what: 'tc',
    ok: false,
    neededFor: 'real kernel',
    detail: 'not found',
    fix: 'apt-get install iproute2',
    debian: 'iproute2',
  });
  expect(findings[0]).toMatchObject({ what: 'node', ok: false, neededFor: 'everything' });
});

it('every capability that is probed stands with its use', async () => {
  const report = probeCapabilities();
  const findings = await preflight({ env: {}, capabilities: report });
  const names = (use: string) =>
    findings.filter(({ neededFor }) => neededFor === use).map(({ what }) => what);
  expect(names('real kernel').sort()).toEqual(
    report
      .filter(({ isRequired }) => isRequired)
      .map(({ name }) => name)
      .sort(),
  );
  expect(names('eBPF').sort()).toEqual([
    ...['bpf-tracepoints', 'btf', 'cap-bpf', 'cap-perfmon', 'clsact', 'libbpf'],
    ...['ring-buffer', 'xdp'],
  ]);
  expect(findings.map(({ what }) => what)).toEqual(
    expect.arrayContaining(report.map(({ name }) => name)),
  );
});

it('every default port has its line', async () => {
  const findings = await preflight({ env: {}, capabilities: [] });
  const ports = findings.map(({ what }) => what).filter((what) => what.startsWith('port '));
  expect(ports.sort()).toEqual(['port 7410', 'port 7411', 'port 7412', 'port 7413', 'port 7414']);
});
