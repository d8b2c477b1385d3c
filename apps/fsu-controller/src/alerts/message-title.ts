import type { Alert } from './alert.ts';

/** One line about a message: which alert, or how many. */
export function messageTitle(alerts: readonly Alert[]): string {
  const resolved = alerts.filter(({ endsUnixMs }) => endsUnixMs !== undefined).length;
  const [only] = alerts;
  if (alerts.length === 1 && only !== undefined) {
    const what = `${only.kind} ${only.target}`;
    return resolved === 1 ? `Levitate: resolved: ${what}` : `Levitate: ${what}`;
  }
  const counts = [
    ...(alerts.length > resolved ? [`${alerts.length - resolved} firing`] : []),
    ...(resolved > 0 ? [`${resolved} resolved`] : []),
  ];
  const kinds = [...new Set(alerts.map(({ kind }) => kind))];
  return `Levitate: ${counts.join(', ')}: ${kinds.join(', ')}`;
}
