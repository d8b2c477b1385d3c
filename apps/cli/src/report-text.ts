import type { fsuController } from '@levitate/contracts';
import { renderTable } from './table.ts';

/** `fsu report`: a line for each day of each target in mode recommend, newest first. */
export function reportText(reports: readonly fsuController.Report[]): string {
  if (reports.length === 0) {
    return (
      'no target has been in mode recommend of late\n' +
      'next: levitate fsu mode recommend --target NAME, and ask again in a while'
    );
  }
  const rows = reports.map(({ target, begunUnixMs, running, text }) => [
    `${new Date(begunUnixMs).toISOString().slice(0, 16)}Z${running ? ' (running)' : ''}`,
    target,
    text,
  ]);
  return renderTable(['DAY FROM', 'TARGET', 'WHAT CONTROL WOULD HAVE CHANGED'], rows);
}
