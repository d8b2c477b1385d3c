import { type ServiceContext, tlsFilesOf } from '@levitate/service-kit';
import type { AgentClients } from './agent-clients.ts';
import type { CanaryRollout } from './canary-rollout.ts';
import type { FsuControllerConfig } from './config.ts';
import { ControlledTarget } from './controlled-target.ts';
import type { LeaseStore } from './leases/lease-store.ts';
import { TargetLease } from './leases/target-lease.ts';
import type { OperatedTarget } from './operated-target.ts';
import type { OperatorOrders } from './operator-orders.ts';
import type { DailyReports } from './reports/daily-reports.ts';
import { ResourceTarget } from './resource-target.ts';
import { OpenSources } from './sources/open-sources.ts';
import { isResource, type ResourceTargetConfig, type TargetConfig } from './target-config.ts';
import type { TargetEvents } from './target-events.ts';

/** Longest time a resource gets for an answer, ms: it is asked ten times a second. */
const answerMs = 1_000;

/** @see TargetOpening */
export interface TargetOpeningOptions {
  context: Pick<ServiceContext<FsuControllerConfig>, 'config' | 'clock' | 'logger'>;
  agents: AgentClients;
  leases: LeaseStore;
  orders: OperatorOrders;
  canary: CanaryRollout;
  reports: DailyReports;
  events: TargetEvents;
  /** Name under which leases are held. */
  holder: string;
}

/** Makes targets of their configuration: queues through an agent, resources through a source. */
export class TargetOpening {
  readonly #options: TargetOpeningOptions;
  readonly #sources: OpenSources;

  constructor(options: TargetOpeningOptions) {
    this.#options = options;
    const { context, holder } = options;
    const { config, clock } = context;
    const { lease_ttl_ms: leaseTtlMs } = config;
    this.#sources = new OpenSources({ holder, leaseTtlMs, tls: tlsFilesOf(config), clock });
  }

  /** @throws where its source cannot be used */
  open(config: TargetConfig): OperatedTarget {
    const { context, orders } = this.#options;
    const ordered = orders.mode(config.name);
    if (ordered !== undefined && ordered !== config.mode) {
      const { name: target, mode: configured } = config;
      context.logger.warn({ target, mode: ordered, configured }, "the operator's mode holds");
    }
    return isResource(config) ? this.#resource(config) : this.#queue(config);
  }

  close(): void {
    this.#sources.close();
  }

  #queue(target: TargetConfig): ControlledTarget {
    const { context, agents, orders, canary, reports, events, holder, leases } = this.#options;
    const { config, clock } = context;
    return new ControlledTarget({
      config: target,
      periodMs: config.period_ms,
      leaseTtlMs: config.lease_ttl_ms,
      changeDeadlineMs: config.change_deadline_ms,
      breaker: {
        failuresMax: config.breaker.failures_max,
        coolOffMs: config.breaker.cool_off_ms,
      },
      holder,
      leases,
      agent: agents.of(target),
      clock,
      orders,
      canary,
      reports,
      events,
    });
  }

  #resource(target: ResourceTargetConfig): ResourceTarget {
    const { context, leases, orders, canary, reports, events, holder } = this.#options;
    const { config, clock } = context;
    const lease = new TargetLease({
      store: leases,
      target: target.name,
      holder,
      ttlMs: config.lease_ttl_ms,
      clock,
    });
    return new ResourceTarget({
      config: target,
      open: (signal) => this.#sources.open(target, signal),
      stored: { lease, originals: lease.originals },
      orders,
      canary,
      reports,
      periodMs: config.period_ms,
      deadlineMs: answerMs,
      failuresMax: config.breaker.failures_max,
      clock,
      events,
    });
  }
}
