import type { Clock } from '@levitate/clock';
import type { fsuController } from '@levitate/contracts';
import { type Handlers, RpcError } from '@levitate/grpc-kit';
import { AuditLog } from '@levitate/security';
import { type Logger, StateDirectory } from '@levitate/service-kit';
import type { Alerts } from './alerts/open-alerts.ts';
import type { LoggedDecision } from './decision-log.ts';

type Rpcs = Handlers<fsuController.FsuControllerServiceMethods>;

/** Reasons of a decision that was to be put in force and was not. */
const failures = ['change-failed', 'lease-lost', 'agent-away'];
/** The alert about the log itself is about no target. */
const ownName = 'audit';
/** How often the ordinary log hears how far the record has come, ms. */
const headEveryMs = 3_600_000;

/** Open the record of actions in a folder of its own. @throws {StateDirectoryError} */
export async function openAudit(options: {
  path: string;
  limits: { segment_bytes_max: number; segments_max: number };
  alerts: Alerts;
  clock: Clock;
  logger: Pick<Logger, 'info'>;
}): Promise<AuditLog & { closeAll(): Promise<void> }> {
  const { path, limits, alerts, clock, logger } = options;
  const directory = await StateDirectory.open(path);
  const log = await AuditLog.open({
    directory,
    segmentBytesMax: limits.segment_bytes_max,
    segmentsMax: limits.segments_max,
    nowUnixMs: clock.unixMs(),
    onFailure(error) {
      const text = `it cannot be written, and control goes on: ${(error as Error).message}`;
      alerts.raise({ kind: 'audit-broken', target: ownName, text });
    },
    onRecovered() {
      // What was found damaged stays so, whatever is written now.
      if (log.found.faults.length === 0) alerts.resolve('audit-broken', ownName);
    },
  });
  const [fault] = log.found.faults;
  if (fault !== undefined) {
    const text = `what it holds is not whole: ${fault.text}`;
    alerts.raise({ kind: 'audit-broken', target: ownName, text });
  }
  tellHead(log, logger);
  const telling = setInterval(() => tellHead(log, logger), headEveryMs);
  telling.unref();
  return Object.assign(log, {
    async closeAll() {
      clearInterval(telling);
      await log.close();
      tellHead(log, logger);
      await directory.close();
    },
  });
}

/**
 * Who may write the record may write a whole new chain, or cut its end off; not the lines of a log
 * that is kept elsewhere.
 */
function tellHead({ head }: Pick<AuditLog, 'head'>, logger: Pick<Logger, 'info'>): void {
  const { sequence, hash } = head;
  if (sequence === 0) return;
  logger.info(
    { auditHead: `${sequence}:${hash}` },
    'how far the record of actions has come; levitate audit verify --known checks it',
  );
}

/** Notes a change that was made, or failed; what was only recommended is no action. */
export function auditChange(log: Pick<AuditLog, 'append'>, { tick }: LoggedDecision): void {
  const { decision, forecast } = tick;
  const failed = decision.reasons.find((reason) => failures.includes(reason));
  if (!decision.applied && failed === undefined) return;
  const isRestedOn = decision.law === 'LAW_PREDICTIVE' && forecast != null;
  void log.append({
    timeUnixMs: decision.timeUnixMs,
    actor: 'fsu-controller',
    action: 'resize',
    target: decision.target,
    cause: decision.reasons.join(' '),
    forecast: isRestedOn ? forecastLine(forecast) : undefined,
    before: decision.beforeBytes,
    after: decision.applied ? decision.afterBytes : decision.allowedBytes,
    outcome: failed ?? 'applied',
  });
}

/** Notes that an original is in force again. */
export function auditRestore(
  log: Pick<AuditLog, 'append'>,
  restored: { target: string; size: number; timeUnixMs: number },
): void {
  const { target, size: after, timeUnixMs } = restored;
  void log.append({
    timeUnixMs,
    actor: 'fsu-controller',
    action: 'restore',
    target,
    cause: '',
    after,
    outcome: 'applied',
  });
}

/** Notes what a day in mode recommend came to: sizes are means over it. */
export function auditReport(
  log: Pick<AuditLog, 'append'>,
  { report, timeUnixMs }: { report: fsuController.Report; timeUnixMs: number },
): void {
  void log.append({
    timeUnixMs,
    actor: 'fsu-controller',
    action: 'report',
    target: report.target,
    cause: report.text,
    before: report.meanSize,
    after: report.meanRecommendedSize,
    outcome: 'recommended',
  });
}

/** The same handlers; each order of an operator is noted, with how it ended. */
export function auditedOrders(rpcs: Rpcs, log: Pick<AuditLog, 'append'>, clock: Clock): Rpcs {
  const noted =
    <Request, Answer, Context extends { peer: string }>(
      action: string,
      handler: (request: Request, context: Context) => Answer | Promise<Answer>,
      of: (request: Request) => { target?: string; cause?: string; after?: string },
    ) =>
    async (request: Request, context: Context): Promise<Answer> => {
      const { target = '', cause = '', after } = of(request);
      const note = (outcome: string) =>
        void log.append({
          timeUnixMs: clock.unixMs(),
          actor: context.peer,
          action,
          target,
          cause,
          after,
          outcome,
        });
      try {
        const answer = await handler(request, context);
        note('done');
        return answer;
      } catch (error) {
        note(error instanceof RpcError ? error.reason : String(error));
        throw error;
      }
    };
  return {
    ...rpcs,
    setMode: noted('set-mode', rpcs.setMode, ({ target, mode }) => ({ target, after: mode })),
    pause: noted('pause', rpcs.pause, ({ reason, durationSeconds }) => ({
      cause: reason,
      after: durationSeconds === 0 ? 'until resumed' : `for ${durationSeconds} s`,
    })),
    resume: noted('resume', rpcs.resume, () => ({})),
    rollback: noted('rollback', rpcs.rollback, ({ target }) => ({ target })),
    startCanary: noted('start-canary', rpcs.startCanary, () => ({})),
    abortCanary: noted('abort-canary', rpcs.abortCanary, ({ reason }) => ({ cause: reason })),
  };
}

function forecastLine(
  forecast: NonNullable<LoggedDecision['tick']['forecast']>,
): string | undefined {
  const { model, confidence, timeToBurstSeconds, burstPredicted } = forecast;
  const what = burstPredicted ? `burst in ${timeToBurstSeconds?.toFixed(1)} s` : 'no burst';
  return `${model}: ${what}, confidence ${confidence?.toFixed(2)}`;
}
