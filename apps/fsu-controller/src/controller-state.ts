import { join } from 'node:path';
import type { Clock } from '@levitate/clock';
import { OriginalsOnDisk } from '@levitate/resource-sdk';
import type { AuditLog } from '@levitate/security';
import { type ServiceContext, StateDirectory } from '@levitate/service-kit';
import { type Alerts, openAlerts } from './alerts/open-alerts.ts';
import { CanaryRollout } from './canary-rollout.ts';
import type { FsuControllerConfig } from './config.ts';
import { auditReport, openAudit } from './control-audit.ts';
import { DecisionLog } from './decision-log.ts';
import { holderName } from './holder-name.ts';
import { openLeaseStore } from './leases/open-lease-store.ts';
import { OperatorOrders } from './operator-orders.ts';
import { DailyReports } from './reports/daily-reports.ts';

/** Folder of the controller within the state directory. */
const stateFolder = 'fsu-controller';
/** Of the record of actions: every write to it is synced, and others would wait for that. */
const auditFolder = 'fsu-controller-audit';

type Context = ServiceContext<FsuControllerConfig>;

/**
 * What a controller takes up again: orders, decisions, actions, roll-outs, leases, and the name it
 * holds them under; and whom it tells of trouble.
 * @param parts.soakClock time of the roll-outs
 */
export async function openState(
  context: Context,
  parts: { soakClock: Clock; onLogFailure: (decisions: number) => void },
) {
  const { config, logger, clock, registry } = context;
  const directory = await StateDirectory.open(join(config.state_directory, stateFolder));
  const orders = await OperatorOrders.open(directory);
  const log = await openLog(context, directory, parts.onLogFailure);
  const alerts = openAlerts({ config: config.alerts, logger, clock, registry });
  const path = join(config.state_directory, auditFolder);
  const audit = await openAudit({ path, limits: config.audit, alerts, clock, logger });
  const canary = await openCanary(context, { directory, alerts, soakClock: parts.soakClock });
  const reports = await openReports(context, { directory, alerts, audit });
  const leases = await openLeaseStore(config.leases, {
    clock,
    ttlMs: config.lease_ttl_ms,
    originals: new OriginalsOnDisk(directory),
  });
  const holder = await holderName(directory);
  return {
    ...{ orders, log, alerts, audit, canary, reports, leases, holder },
    /** The record of actions last: what ends before is in it. */
    async close(deadlineMs: number): Promise<void> {
      await leases.close();
      await alerts.close(deadlineMs);
      await audit.closeAll();
      await log.close();
      await directory.close();
    },
  };
}

function openLog(
  { config, logger }: Context,
  directory: StateDirectory,
  onFailure: (decisions: number) => void,
): Promise<DecisionLog> {
  return DecisionLog.open({
    directory,
    memoryMax: config.decisions.memory_max,
    fileBytesMax: config.decisions.file_bytes_max,
    onFailure: (error, decisions) => {
      onFailure(decisions);
      logger.error({ err: error, decisions }, 'decisions could not be written to the log');
    },
  });
}

function openCanary(
  { config, logger }: Context,
  parts: { directory: StateDirectory; alerts: Alerts; soakClock: Clock },
): Promise<CanaryRollout> {
  const { directory, alerts, soakClock: clock } = parts;
  return CanaryRollout.open({
    config: config.canary,
    directory,
    clock,
    hostOf: ({ host, agent, source }) => host ?? source ?? agent ?? config.agent_address,
    onEvent(resource, event) {
      if (event.kind !== 'rolled-back') logger.info({ resource, ...event }, 'the roll-out went on');
      else alerts.raise({ kind: 'canary-rollback', target: resource, text: event.reason });
    },
    onFailure: (error) => logger.error({ err: error }, 'the roll-out could not be noted'),
  });
}

/** Each day is told in the log, in the record of actions, and to whoever is told of alerts. */
function openReports(
  { config, logger, clock }: Context,
  parts: { directory: StateDirectory; alerts: Alerts; audit: Pick<AuditLog, 'append'> },
): Promise<DailyReports> {
  const { directory, alerts, audit } = parts;
  return DailyReports.open({
    config: config.reports,
    directory,
    clock,
    onReport(report) {
      const { target, text } = report;
      logger.info({ target, report }, text);
      auditReport(audit, { report, timeUnixMs: clock.unixMs() });
      if (config.reports.tell_receivers) alerts.raise({ kind: 'daily-report', target, text });
    },
    onFailure: (error) =>
      logger.error({ err: error }, 'the daily reports could not be read or kept'),
  });
}
