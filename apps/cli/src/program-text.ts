import type { ebpfAgent } from '@levitate/contracts';
import { printable } from './printable.ts';
import { type Cell, renderTable } from './table.ts';

/** Reasons of drops shown; `-o json` has them all. */
const dropsMax = 10;

/** The agent's programs in the kernel: where each hangs, its cost a run, what was dropped why. */
export function programLines(answer: ebpfAgent.ListProgramsResponse): string[] {
  const { programs, unavailableReason, drops } = answer;
  const none = unavailableReason === '' ? '' : ` (${printable(unavailableReason)})`;
  if (programs.length === 0) return [`programs: none${none}`];
  const most = [...drops].sort((left, right) => right.packets - left.packets).slice(0, dropsMax);
  const dropRows = most.map((each) => [
    printable(each.link),
    printable(each.reason),
    each.packets,
    each.bytes,
  ]);
  return [
    renderTable(['PROGRAM', 'LINK', 'HOOK', 'RUNS', 'NS/RUN', 'DETAIL'], programs.map(programRow)),
    ...(dropRows.length === 0
      ? []
      : ['', renderTable(['LINK', 'DROPPED BY THE KERNEL FOR', 'PACKETS', 'BYTES'], dropRows)]),
  ];
}

/** Runs are only counted while `kernel.bpf_stats_enabled` is on; none says nothing of the cost. */
function programRow(program: ebpfAgent.Program): Cell[] {
  const { name, link, hook, xdpMode, detail, runCount, runTimeNs } = program;
  return [
    printable(name),
    printable(link),
    printable(xdpMode === '' ? hook : `${hook} ${xdpMode}`),
    runCount > 0 ? runCount : undefined,
    runCount > 0 ? Math.round(runTimeNs / runCount) : undefined,
    printable(detail),
  ];
}
