import { SeededRandom, VirtualClock } from '@levitate/clock';
import type { ChangeBar, LawName } from '@levitate/control';
import { StateDirectory } from '@levitate/service-kit';
import {
  FaultyDisk,
  lockAmong,
  mount,
  type PlayedSequence,
  VirtualProcesses,
} from '@levitate/testing/faults';
import { Controller } from '../controller.ts';
import { OriginalsOnDisk } from '../original-store.ts';
import { ControllerRules, type StandingOrders } from './controller-rules.ts';
import type { ControllerStep } from './controller-steps.ts';
import { FaultyResource } from './faulty-resource.ts';
import { VirtualTimers } from './virtual-timers.ts';

const laws: readonly LawName[] = ['optomechanical', 'double-decay', 'aimd', 'pid', 'coherent'];
const periodMs = 500;
const leaseMsMin = 6_000;

/** A resource in virtual time, and a process with two controllers of which one has the lease. */
export class RuledResource {
  readonly counts = { steps: 0, deaths: 0, 'power cuts': 0, changes: 0, restarts: 0 };
  readonly #clock = new VirtualClock();
  readonly #timers = new VirtualTimers(this.#clock);
  readonly #processes = new VirtualProcesses();
  readonly #disk: FaultyDisk;
  readonly #resource: FaultyResource;
  readonly #rules: ControllerRules;
  readonly #orders: StandingOrders = { modes: ['enforce', 'enforce'], isPaused: false, holder: 0 };
  readonly #settings: { model: LawName; maxChangesPerMinute: number };
  #process = 0;
  /** When the lease went to another. */
  #leasedMs = Number.NEGATIVE_INFINITY;
  #controllers: readonly Controller[] = [];

  constructor(seed: number) {
    const random = new SeededRandom(`ruled resource ${seed}`);
    const processes = this.#processes;
    this.#disk = new FaultyDisk({ processes, random });
    mount(this.#disk);
    lockAmong(processes);
    const perMinute = random.pick([3, 10]);
    this.#settings = { model: random.pick(laws), maxChangesPerMinute: perMinute };
    this.#rules = new ControllerRules({
      ...{ clock: this.#clock, disk: this.#disk, orders: this.#orders, perMinute },
    });
    const hasWeights = random.float() < 0.5;
    this.#resource = new FaultyResource({ processes, watch: this.#rules, hasWeights });
    this.#rules.watchResource(this.#resource);
  }

  async play(steps: readonly ControllerStep[]): Promise<PlayedSequence> {
    for (const step of steps) {
      if (this.#rules.violation !== undefined) break;
      this.counts.steps += 1;
      await this.#take(step);
      await this.#settle();
    }
    if (this.#rules.violation === undefined) await this.#end();
    this.counts.deaths += [...this.#processes.deaths.values()].reduce((sum, one) => sum + one, 0);
    this.counts.changes = this.#rules.changes;
    return { violation: this.#rules.violation, counts: this.counts };
  }

  /** Everything is well again and rule ends: everything must be as it was. */
  async #end(): Promise<void> {
    this.#disk.condition = 'sound';
    this.#resource.measuring = 'sound';
    this.#resource.applying = 'sound';
    this.#orders.isPaused = false;
    this.#processes.spare(this.#process);
    await this.#settle();
    await this.#passLease(0);
    await this.#start(undefined);
    if (!this.#processes.isAlive(this.#process)) this.#rules.break('it starts again', 'it did not');
    await this.#pass(8_000);
    await this.#stop(0);
    await this.#pass(8_000);
    this.#rules.checkRestored('after the last stop');
  }

  async #take(step: ControllerStep): Promise<void> {
    switch (step.do) {
      case 'need':
        this.#resource.need = step.need;
        this.#resource.rejected = step.rejected;
        return;
      case 'time':
        return this.#pass(step.ms);
      case 'clock step':
        this.#clock.step(step.ms);
        return;
      case 'measuring':
        this.#resource.measuring = step.as;
        return;
      case 'applying':
        this.#resource.applying = step.as;
        return;
      case 'disk':
        this.#disk.condition = step.condition;
        return;
      case 'by hand':
        this.#rules.setByHand(step.size);
        return;
      case 'restart':
        return this.#restart(step.size);
      default:
        return this.#order(step);
    }
  }

  /** What is ordered, and what befalls the process. */
  async #order(step: ControllerStep): Promise<void> {
    switch (step.do) {
      case 'mode':
        this.#orders.modes[step.who] = step.mode;
        this.#controllers[step.who]?.setMode(step.mode);
        return;
      case 'pause':
        this.#orders.isPaused = step.isOn;
        return;
      case 'lease':
        return this.#passLease(step.to);
      case 'reset breaker':
        this.#rules.breakerReset();
        for (const controller of this.#controllers) controller.resetBreaker();
        return;
      case 'stop':
        return this.#stop(step.who);
      case 'kill later':
        this.#processes.dieAfter(this.#process, step.boundaries);
        return;
      case 'kill':
        this.#processes.kill(this.#process);
        return;
      case 'power cut':
        this.counts['power cuts'] += 1;
        this.#disk.cutPower();
        return;
      case 'start':
        return this.#start(step.boundaries);
    }
  }

  /** Nobody gets a lease back within a tick, the longest of which waits for every deadline. */
  async #passLease(to: 0 | 1 | undefined): Promise<void> {
    if (this.#orders.holder === to) return;
    await this.#pass(Math.max(0, this.#leasedMs + leaseMsMin - this.#clock.monotonicMs()));
    this.#orders.holder = to;
    this.#leasedMs = this.#clock.monotonicMs();
  }

  #restart(size: number | undefined): void {
    this.counts.restarts += 1;
    const before = this.#resource.size;
    this.#resource.restart(size);
    this.#rules.restarted(before);
  }

  async #stop(who: 0 | 1): Promise<void> {
    const controller = this.#controllers[who];
    if (controller === undefined) return;
    const isSound = () =>
      this.#isWell() &&
      this.#orders.holder === who &&
      this.#resource.measuring === 'sound' &&
      this.#resource.applying === 'sound';
    const wasSound = isSound();
    this.#rules.stopped(who, true);
    controller.stop().then(
      () => {
        if (wasSound && isSound()) this.#rules.checkRestored('after a stop');
      },
      () => {},
    );
  }

  async #start(boundaries: number | undefined): Promise<void> {
    if (this.#controllers.length > 0) {
      for (const [index, controller] of this.#controllers.entries()) {
        controller.start();
        this.#rules.stopped(index === 0 ? 0 : 1, false);
      }
      return;
    }
    const process = this.#processes.start();
    this.#process = process;
    if (boundaries !== undefined) this.#processes.dieAfter(process, boundaries);
    this.#timers.takeIntervals(process);
    const opening = StateDirectory.open(`/p${process}/state/sdk`).then((directory) => {
      this.#controllers = ([0, 1] as const).map((who) => this.#controller(who, directory));
      this.#rules.watchControllers(this.#controllers);
      for (const controller of this.#controllers) controller.start();
    });
    opening.catch(() => this.#processes.kill(process));
    await this.#settle();
  }

  #controller(who: 0 | 1, directory: StateDirectory): Controller {
    const process = this.#process;
    return new Controller({
      ...this.#settings,
      resource: this.#resource.reachedBy({ who, process }),
      mode: this.#orders.modes[who],
      originals: new OriginalsOnDisk(directory),
      barred: () => this.#bar(who),
      onEvent: (event) => this.#rules.onEvent(who, event),
      clock: this.#clock,
      wait: this.#timers.delayOf(process),
      periodMs,
      holdMs: 5_000,
    });
  }

  #bar(who: 0 | 1): ChangeBar | undefined {
    if (this.#orders.holder !== who) return 'lease-not-held';
    return this.#orders.isPaused ? 'paused' : undefined;
  }

  #pass(ms: number): Promise<void> {
    return this.#timers.pass(ms, () => this.#settle());
  }

  /** Let everything happen that can without time passing, then look at the rules. */
  async #settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#controllers.length > 0 && !this.#processes.isAlive(this.#process)) {
      this.#controllers = [];
      this.#rules.watchControllers([]);
      this.#timers.kill((process) => !this.#processes.isAlive(process));
    }
    this.#rules.check(this.#isWell());
  }

  #isWell(): boolean {
    return (
      this.#controllers.length > 0 &&
      this.#disk.condition === 'sound' &&
      this.#processes.isSpared(this.#process)
    );
  }
}
