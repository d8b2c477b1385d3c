/** How soon somebody should look. */
export type Severity = 'critical' | 'warning' | 'info';

/** What is known of a kind of alert before one is raised. */
export interface KindFacts {
  readonly severity: Severity;
  /** What has happened, in a sentence. */
  readonly summary: string;
  /** What to do, in the order in which to do it. */
  readonly runbook: string;
  /** An event, which nothing ends: it counts as resolved after so long, ms. */
  readonly lastsMs?: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Everything the controller raises an alert for; closed set. */
export const alertKinds = {
  'breaker-open': {
    severity: 'critical',
    summary: 'Changes kept failing: the target is no longer controlled, its original is restored.',
    runbook:
      'See the log of the agent or of the target for why changes fail. Then: ' +
      'levitate fsu mode enforce --target NAME, which closes the breaker.',
  },
  'forecast-anomaly': {
    severity: 'warning',
    summary: 'The traffic is outside the 99 % band of its forecast for 5 s.',
    runbook:
      'levitate top and levitate tap show what comes. Control goes on; forecasts that miss lose ' +
      'their trust by themselves, and levitate model scores says how each does.',
  },
  'at-limit': {
    severity: 'warning',
    summary: 'The controller wants more than the maximum or the latency budget for 30 s.',
    runbook:
      'levitate fsu status shows the limits. Raise max or latency_budget_ms if the target can ' +
      'bear it, else the load is beyond what its resource carries: add capacity.',
  },
  'canary-rollback': {
    severity: 'critical',
    summary: 'A step of the roll-out did worse than the rest of the fleet and was taken back.',
    runbook:
      'levitate fsu canary shows what was worse and by how much. Find out why before the ' +
      'roll-out is started again.',
    lastsMs: 24 * hourMs,
  },
  'restore-failed': {
    severity: 'critical',
    summary: 'An original could not be put back, or did not hold.',
    runbook:
      'levitate fsu rollback NAME tries again. Else set what the audit log has as before by ' +
      'hand: levitate audit list --target NAME.',
  },
  'lease-lost': {
    severity: 'warning',
    summary: 'The lease with the agent or the server of the target is gone: nothing is changed.',
    runbook:
      'levitate status shows whether the agent answers. It restores the original when the lease ' +
      'lapses; the controller takes the lease again by itself.',
  },
  'set-by-hand': {
    severity: 'info',
    summary: 'Somebody else has changed the target; the controller leaves it as it is.',
    runbook:
      'Nothing, if that was meant. Else: levitate fsu mode enforce --target NAME takes control ' +
      'again.',
  },
  'audit-broken': {
    severity: 'critical',
    summary: 'The audit log cannot be written, or what it holds was altered.',
    runbook:
      'levitate audit verify says which line. Keep a copy of the folder before anything else. ' +
      'Where it cannot be written: make room on the disk.',
  },
  'target-restarted': {
    severity: 'info',
    summary: 'The target was started anew: its own settings were in force.',
    runbook: 'Nothing: what it came with is its new original, and control goes on.',
    lastsMs: 10 * minuteMs,
  },
  'daily-report': {
    severity: 'info',
    summary: 'A day of a target in mode recommend is over: what control would have changed.',
    runbook:
      'levitate fsu report shows the last days. Where they look right: ' +
      'levitate fsu mode enforce --target NAME.',
    lastsMs: 10 * minuteMs,
  },
} as const satisfies Record<string, KindFacts>;

/** @see alertKinds */
export type AlertKind = keyof typeof alertKinds;

/** What is known of a kind. */
export function factsOf(kind: AlertKind): KindFacts {
  return alertKinds[kind];
}
