import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { contracts, type fsuController } from '@levitate/contracts';
import { connect } from '@levitate/grpc-kit';
import { type Announcements, announcementsOf, sumAnnouncements } from './announcements.ts';
import type { LaneRule } from './kernel-lanes-rules.ts';
import type { BurstScore } from './kernel-lanes-score.ts';

/** Ticks of one target that are kept: ten minutes. */
const TICKS_MAX = 6_000;
/** What is told around a burst: the forecasts that should have seen it, and what came of it. */
const BEFORE_MS = 12_000;
const AFTER_MS = 1_000;

/** A controller, and those of its targets whose ticks are kept. */
export interface FollowedController {
  controllerAddress: string;
  targets: readonly string[];
}

/** Follows the ticks of controllers, to tell afterwards what was forecast before a missed burst. */
export class TickLog {
  readonly #ticks = new Map<string, fsuController.Tick[]>();
  readonly #announced = new Map<string, Announcements>();
  readonly #stop = new AbortController();
  readonly #following: Promise<unknown>;

  constructor(controllers: readonly FollowedController[]) {
    // A diagnosis must not end a bench.
    this.#following = Promise.all(controllers.map((each) => this.#follow(each).catch(() => {})));
  }

  /** Ticks of a target around a moment, oldest first. */
  around(target: string, unixMs: number): fsuController.Tick[] {
    return (this.#ticks.get(target) ?? []).filter(
      ({ timeUnixMs }) => timeUnixMs >= unixMs - BEFORE_MS && timeUnixMs <= unixMs + AFTER_MS,
    );
  }

  /** Ticks of a target at which a burst was announced, by forecaster. */
  announced(target: string): Announcements {
    return this.#announced.get(target) ?? {};
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#following;
  }

  async #follow({ controllerAddress, targets }: FollowedController): Promise<void> {
    const client = connect(contracts.fsuController, { address: controllerAddress });
    try {
      const request = { targets: [...targets] };
      const stream = client.streamTicks(request, { signal: this.#stop.signal });
      for await (const { ticks } of stream) for (const tick of ticks) this.#keep(tick);
    } finally {
      client.close();
    }
  }

  #keep(tick: fsuController.Tick): void {
    const ticks = this.#ticks.get(tick.target) ?? [];
    ticks.push(tick);
    if (ticks.length > TICKS_MAX) ticks.shift();
    this.#ticks.set(tick.target, ticks);
    if (!tick.forecast) return;
    const now = announcementsOf([tick.forecast]);
    this.#announced.set(tick.target, sumAnnouncements([this.announced(tick.target), now]));
  }
}

/**
 * Append one line of JSON for each burst that a target's lane dropped packets of: what every lane
 * lost, the limits it met, and every tick (sample, forecast, decision) of the target from 12 s
 * before to 1 s after.
 */
export function writeMissedBursts(options: {
  outDir: string;
  target: string;
  rule: LaneRule;
  bursts: readonly BurstScore[];
  ticks: Pick<TickLog, 'around'>;
}): void {
  const { outDir, target, rule, ticks } = options;
  for (const burst of options.bursts) {
    if ((burst.drops[rule] ?? 0) === 0) continue;
    const line = { target, ...burst, ticks: ticks.around(target, burst.onsetUnixMs) };
    appendFileSync(fileIn(outDir), `${JSON.stringify(line)}\n`);
  }
}

/** Remove what an earlier run wrote. */
export function forgetMissedBursts(outDir: string): void {
  rmSync(fileIn(outDir), { force: true });
}

function fileIn(outDir: string): string {
  return join(outDir, 't1-missed-bursts.jsonl');
}
