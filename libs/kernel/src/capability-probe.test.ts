import { realKernelLab } from '@levitate/testing';
import { expect, it } from 'vitest';
import { missingCapabilities, probeCapabilities } from './capability-probe.ts';
import { listNamespaces } from './namespace.ts';

it('whatever the host allows, the report is whole and each missing thing has a fix', () => {
  const report = probeCapabilities();
  expect(report.map((one) => one.name)).toEqual([
    'linux',
    'ffi',
    'netlink',
    'cap-net-admin',
    'cap-sys-admin',
    'ip',
    'tc',
    'network-namespaces',
    'tbf',
    'writable-sysctl',
    'btf',
  ]);
  for (const one of report) {
    expect(one.detail).not.toBe('');
    expect(one.fix === '').toBe(one.present);
  }
});

realKernelLab.it(
  'where the lab works nothing required is missing and nothing is left behind',
  () => {
    const before = listNamespaces();
    expect(missingCapabilities(probeCapabilities())).toBeUndefined();
    expect(listNamespaces()).toEqual(before);
  },
);

it('what is missing is named with its reason, information left out', () => {
  const base = { detail: 'why', fix: 'do', present: false };
  const report = [
    { ...base, name: 'tc' as const, isRequired: true },
    { ...base, name: 'btf' as const, isRequired: false },
  ];
  expect(missingCapabilities(report)).toBe('tc (why)');
});
