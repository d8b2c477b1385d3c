import type { Clock } from '@levitate/clock';
import type { fsuController } from '@levitate/contracts';
import type { Handlers } from '@levitate/grpc-kit';
import type { CanaryRollout } from './canary-rollout.ts';
import type { DecisionLog } from './decision-log.ts';
import { agentUnreachable, decisionNotFound, targetNotFound } from './errors.ts';
import type { OperatedTarget } from './operated-target.ts';
import type { OperatorOrders } from './operator-orders.ts';
import { modeFromProto } from './proto-words.ts';
import type { DailyReports } from './reports/daily-reports.ts';
import type { TargetSet } from './target-set.ts';
import type { TickHub } from './tick-hub.ts';

/** What the handlers act on. */
export interface FsuParts {
  targets: Pick<TargetSet, 'all'>;
  orders: OperatorOrders;
  canary: CanaryRollout;
  reports: Pick<DailyReports, 'list'>;
  log: DecisionLog;
  hub: TickHub;
  clock: Clock;
}

const decisionsDefault = 100;

/** Handlers of `levitate.fsu_controller.v1.FsuControllerService`. */
export function fsuRpcs(parts: FsuParts): Handlers<fsuController.FsuControllerServiceMethods> {
  const { targets, orders, log, hub, clock } = parts;
  const chosen = (name: string) => chosenTargets(targets.all, name);
  return {
    listTargets() {
      const pause = orders.pause(clock.unixMs());
      return {
        targets: targets.all.map((target) => target.toProto()),
        paused: pause !== undefined,
        pausedUntilUnixMs: pause?.untilMs ?? 0,
      };
    },
    async *streamTicks({ targets: names }, { signal }) {
      for (const name of names) chosen(name);
      yield* hub.follow(names, signal);
    },
    listDecisions({ target, limit }) {
      if (target !== '') chosen(target);
      return { decisions: log.list({ target, limit: limit === 0 ? decisionsDefault : limit }) };
    },
    explainDecision({ id }) {
      const entry = log.find(id ?? 0);
      if (entry !== undefined) return entry;
      throw decisionNotFound(id ?? 0, { oldest: log.oldestId, newest: log.newestId });
    },
    async setMode({ target, mode }) {
      const asked = chosen(target);
      const names = asked.map(({ name }) => name);
      const isEnforced = mode === 'MODE_ENFORCE';
      try {
        await orders.setMode(names, modeFromProto(mode), clock.unixMs());
      } finally {
        for (const { authority } of asked) authority.resetBreaker();
        if (!isEnforced) await Promise.all(asked.map((one) => one.giveUp()));
      }
      return { targets: asked.map((one) => one.toProto()) };
    },
    async pause({ durationSeconds, reason }) {
      const durationMs = durationSeconds === 0 ? undefined : durationSeconds * 1_000;
      const order = { nowUnixMs: clock.unixMs(), durationMs, reason };
      try {
        await orders.throwKillSwitch(order);
      } finally {
        await Promise.all(targets.all.map((one) => one.giveUp()));
      }
      return { pausedUntilUnixMs: orders.pause(clock.unixMs())?.untilMs ?? 0 };
    },
    async resume() {
      await orders.resume(clock.unixMs());
      for (const { authority } of targets.all) authority.resetBreaker();
      return { targets: targets.all.map((one) => one.toProto()) };
    },
    async rollback({ target }) {
      const asked = chosen(target);
      const names = asked.map(({ name }) => name);
      try {
        await orders.setMode(names, 'observe', clock.unixMs());
      } finally {
        await Promise.all(asked.map((one) => one.giveUp()));
      }
      return { targets: await restored(asked) };
    },
    ...reportRpcs(parts),
    ...canaryRpcs(parts),
  };
}

function reportRpcs({
  reports,
  targets,
}: Pick<FsuParts, 'reports' | 'targets'>): Pick<
  Handlers<fsuController.FsuControllerServiceMethods>,
  'listReports'
> {
  return {
    listReports({ target }) {
      const found = reports.list(target);
      // One that is gone may have left reports; a name that nobody knows is a mistake.
      if (found.length === 0) chosenTargets(targets.all, target);
      return { reports: found };
    },
  };
}

type CanaryRpcs = Pick<
  Handlers<fsuController.FsuControllerServiceMethods>,
  'getCanary' | 'startCanary' | 'abortCanary'
>;

function canaryRpcs({ canary, targets }: Pick<FsuParts, 'canary' | 'targets'>): CanaryRpcs {
  return {
    getCanary: () => ({ canaries: canary.toProto() }),
    async startCanary() {
      await canary.start();
      return { canaries: canary.toProto() };
    },
    async abortCanary({ reason }) {
      try {
        await canary.abort(reason === '' ? 'ended by an operator' : reason);
      } finally {
        const held = targets.all.filter(({ authority }) => authority.held() === 'canary-wait');
        await Promise.all(held.map((one) => one.giveUp()));
      }
      return { canaries: canary.toProto() };
    },
  };
}

/** All of them, then the faults of those that failed: one agent away must not save the others. */
async function restored(
  targets: readonly OperatedTarget[],
): Promise<fsuController.RolledBackInit[]> {
  const outcomes = await Promise.allSettled(targets.map((one) => one.restore()));
  const failed = targets.filter((_, index) => outcomes[index]?.status === 'rejected');
  const fault = outcomes.find((outcome) => outcome.status === 'rejected');
  if (fault !== undefined) {
    throw agentUnreachable(
      failed.map(({ name }) => name),
      fault.reason,
    );
  }
  return targets.map((target, index) => {
    const outcome = outcomes[index];
    const limitBytes = outcome?.status === 'fulfilled' ? outcome.value : undefined;
    return { target: target.name, limitBytes: limitBytes ?? target.size ?? 0 };
  });
}

/** @throws RpcError `TARGET_NOT_FOUND` @param name empty: all */
function chosenTargets(targets: readonly OperatedTarget[], name: string): OperatedTarget[] {
  if (name === '') return [...targets];
  const target = targets.find((one) => one.name === name);
  if (target !== undefined) return [target];
  throw targetNotFound(
    name,
    targets.map((one) => one.name),
  );
}
