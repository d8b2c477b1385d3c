import { type Finding, type Use, uses } from './preflight.ts';
import { renderTable } from './table.ts';

const titles: Readonly<Record<Use, string>> = {
  everything: 'Required',
  'real kernel': 'For the real kernel (without it: a simulated one)',
  eBPF: 'For eBPF (without it: counters of the qdisc, read ten times a second)',
  options: 'Optional: what more can be driven and measured',
  resources: 'For the resources of levitate dev --resources (without one: the others)',
  tests: 'For the tests',
  ports: 'Default ports (without one: levitate dev takes the next)',
};

/** What was found, a group for each use; what is missing comes with its fix on the next line. */
export function checkLines(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map(({ what }) => what.length));
  const groups = uses.flatMap((use) => {
    const found = findings.filter(({ neededFor }) => neededFor === use);
    return found.length === 0 ? [] : [`${titles[use]}:`, ...groupLines(found, width), ''];
  });
  const packages = new Set(findings.flatMap((each) => (each.ok ? [] : (each.debian ?? []))));
  const install = `On Debian: apt-get install ${[...packages].join(' ')}`;
  return [...groups, summary(findings), ...(packages.size > 0 ? [install] : [])];
}

function groupLines(findings: readonly Finding[], width: number): string[] {
  return findings.flatMap(({ what, ok, detail, fix }) => [
    `  ${what.padEnd(width)}  ${ok ? 'ok     ' : 'MISSING'}  ${detail}`,
    ...(ok ? [] : [`  ${' '.repeat(width)}           fix: ${fix}`]),
  ]);
}

function summary(findings: readonly Finding[]): string {
  const rows = uses.flatMap((use) => {
    const found = findings.filter(({ neededFor }) => neededFor === use);
    const missing = found.filter(({ ok }) => !ok).map(({ what }) => what);
    return found.length === 0 ? [] : [[use, missing.length === 0 ? 'ok' : missing.join(', ')]];
  });
  return renderTable(['FOR', 'MISSING'], rows);
}
