import { contracts, enumWord, type fsuController, missesLease } from '@levitate/contracts';
import { connect, RpcError, type TlsFiles } from '@levitate/grpc-kit';
import { KeptAnswer } from './kept-answer.ts';
import { knownWord, modes } from './known-word.ts';
import type { CanaryView, ResourcesView, ResourceView } from './resource-view.ts';

/** @see ResourceFeed */
export interface ResourceFeedOptions {
  readonly address: string;
  readonly tls: TlsFiles | undefined;
}

/** Decisions that are looked through for the newest of each target. */
const decisionsMax = 500;
const phases = ['idle', 'soaking', 'done', 'rolled-back'] as const;

/** The controller's targets and roll-outs, asked when somebody looks. */
export class ResourceFeed {
  readonly #address: string;
  readonly #client: ReturnType<typeof connect<fsuController.FsuControllerServiceMethods>>;
  readonly #resources = new KeptAnswer({ ask: () => this.#asked(), keptMs: 500 });

  constructor({ address, tls }: ResourceFeedOptions) {
    this.#address = address;
    this.#client = connect(contracts.fsuController, { address, tls, deadlineMs: 2_000 });
  }

  /** Every target; without any, why. */
  list(): Promise<ResourcesView> {
    return this.#resources.get(performance.now());
  }

  close(): void {
    this.#client.close();
  }

  async #asked(): Promise<ResourcesView> {
    try {
      const [targets, { decisions }, { canaries }] = await Promise.all([
        this.#client.listTargets({}),
        this.#client.listDecisions({ limit: decisionsMax }),
        this.#client.getCanary({}),
      ]);
      const newest = new Map(decisions.toReversed().map((one) => [one.target, one]));
      return {
        resources: targets.targets.map((one) => resourceView(one, newest.get(one.name))),
        canaries: canaries.map(canaryView),
        why: targets.targets.length === 0 ? 'The controller has no target yet.' : '',
        pausedUntilUnixMs: targets.paused ? targets.pausedUntilUnixMs : null,
      };
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const why = `The controller at ${this.#address} does not answer.`;
      return { resources: [], canaries: [], why, pausedUntilUnixMs: null };
    }
  }
}

function resourceView(
  target: fsuController.Target,
  newest: fsuController.Decision | undefined,
): ResourceView {
  const { name, source, unit, model, utilisation, setpoint, force, latencyBudgetMs } = target;
  const { shadow, changes, refusedChanges } = target;
  const barred = barredWords(target);
  return {
    ...{ name, source, unit, model, utilisation, setpoint, force, latencyBudgetMs },
    ...{ changes, refusedChanges },
    kind: kindOf(target.resource),
    mode: knownWord(target.mode, modes),
    barred: barred.map(({ words }) => words).join(', '),
    isTrouble: barred.some(({ isTrouble }) => isTrouble),
    size: target.limitBytes,
    min: target.limitBytesMin,
    max: target.limitBytesMax,
    original: target.originalLimitBytes,
    action: newest
      ? { timeUnixMs: newest.timeUnixMs, isApplied: newest.applied, text: newest.text }
      : null,
    metrics: Object.entries(target.metrics).map(([metric, value]) => ({ name: metric, value })),
    shadow: shadow && {
      measuredBytes: shadow.measuredDroppedBytes,
      reactiveBytes: shadow.reactiveDroppedBytes,
      staticBytes: shadow.staticDroppedBytes,
      seconds: shadow.seconds,
    },
  };
}

/** Reasons of the newest decision that say something is wrong with the target. */
const troubles: Readonly<Record<string, string>> = {
  'not-measured': 'does not answer',
  implausible: 'says what cannot be',
  ignored: 'did not do what it was told',
  'set-by-hand': 'was set by hand',
};

function barredWords(target: fsuController.Target): { words: string; isTrouble: boolean }[] {
  const { paused, breaker, mode, reasons, canary, canaryEnforces } = target;
  const isEnforcing = mode === 'MODE_ENFORCE' && !paused;
  const isWaiting = canary && !canaryEnforces;
  const isOpen = breaker === 'BREAKER_STATE_OPEN';
  return [
    { is: paused, words: 'paused', isTrouble: false },
    { is: isOpen, words: 'breaker open', isTrouble: true },
    { is: isEnforcing && isWaiting, words: 'waits for the roll-out', isTrouble: false },
    { is: missesLease(target), words: 'no lease', isTrouble: true },
    ...Object.entries(troubles).map(([reason, words]) => ({
      is: reasons.includes(reason),
      words,
      isTrouble: reason !== 'set-by-hand',
    })),
  ].filter(({ is }) => is);
}

function canaryView(canary: fsuController.Canary): CanaryView {
  const { stage, stages, hosts, enforcingHosts, soakRemainingSeconds, reason } = canary;
  return {
    ...{ stage, stages, hosts, enforcingHosts, soakRemainingSeconds, reason },
    kind: kindOf(canary.resource),
    phase: knownWord(canary.phase, phases),
    enforcing: sideOf(canary.enforcing),
    rest: sideOf(canary.rest),
  };
}

function sideOf(side: fsuController.CanarySide | null) {
  return { dropShare: side?.dropShare ?? 0, p99DelayMs: side?.p99DelayMs ?? 0 };
}

/** `RESOURCE_KIND_THREAD_POOL` becomes `thread pool`. */
function kindOf(kind: string): string {
  return enumWord(kind).replaceAll('-', ' ');
}
