import { SeededRandom, VirtualClock } from '@levitate/clock';
import {
  FaultyDisk,
  lockAmong,
  mount,
  type PlayedSequence,
  VirtualProcesses,
} from '@levitate/testing/faults';
import { restoreAsSupervisor, type ServingAgent, startAgent } from './agent-process.ts';
import { AgentRules, agentBounds, originalsFile } from './agent-rules.ts';
import { type AgentStep, linkNames, type TokenChoice } from './agent-steps.ts';
import { boot, KernelInMemory, type QueueInMemory } from './kernel-in-memory.ts';
import { RuledController } from './ruled-controller.ts';

type StepOf<Do extends AgentStep['do']> = Extract<AgentStep, { do: Do }>;

const tickMs = 250;
const leaseTtlMs = { min: 500, max: 60_000 };

/** A host in virtual time: its kernel, its disk, its agent and two controllers that want it. */
export class AgentHost {
  readonly counts = { steps: 0, deaths: 0, 'power cuts': 0, changes: 0, refusals: 0 };
  readonly #clock = new VirtualClock();
  readonly #processes = new VirtualProcesses();
  readonly #disk: FaultyDisk;
  readonly #kernel: KernelInMemory;
  readonly #rules: AgentRules;
  readonly #controllers: readonly [RuledController, RuledController];
  #agent: ServingAgent | undefined;
  #newestToken = 1;

  constructor(seed: number) {
    const random = new SeededRandom(`agent host ${seed}`);
    const processes = this.#processes;
    this.#disk = new FaultyDisk({ processes, random });
    mount(this.#disk);
    lockAmong(processes);
    const rules = new AgentRules({ disk: this.#disk, clock: this.#clock });
    this.#rules = rules;
    const queues = linkNames.map((name, index) => queueOf(name, { index, limitBytes: 600_000 }));
    const onSet = (queue: QueueInMemory, limitBytes: number) => rules.onSet(queue, limitBytes);
    this.#kernel = new KernelInMemory({ queues, processes, onSet });
    boot(this.#kernel);
    rules.watch(this.#kernel);
    const controller = (name: string) =>
      new RuledController(name, (rule, detail) => rules.break(rule, detail));
    this.#controllers = [controller('first'), controller('second')];
  }

  async play(steps: readonly AgentStep[]): Promise<PlayedSequence> {
    for (const step of steps) {
      if (this.#rules.violation !== undefined) break;
      this.counts.steps += 1;
      await this.#take(step);
      await this.#settle();
    }
    if (this.#rules.violation === undefined) await this.#end();
    this.counts.deaths += [...this.#processes.deaths.values()].reduce((sum, one) => sum + one, 0);
    return { violation: this.#rules.violation, counts: this.counts };
  }

  /** Everything is well again, nobody renews: everything must be as it was. */
  async #end(): Promise<void> {
    this.#disk.condition = 'sound';
    this.#kernel.condition = 'sound';
    this.#processes.spare(this.#kernel.process);
    await this.#settle();
    if (this.#agent === undefined) {
      await this.#start({ do: 'start', first: 'nobody', boundaries: undefined });
    }
    await this.#pass(65_000);
    this.#rules.checkRestored(linkNames, 'with no lease');
    await this.#stop();
  }

  async #take(step: AgentStep): Promise<void> {
    switch (step.do) {
      case 'acquire':
        return this.#acquire(step);
      case 'renew':
        return this.#renew(step);
      case 'release':
        return this.#release(step.link, this.#controllers[step.who]);
      case 'wish':
        return this.#wish(step);
      case 'set':
        return this.#set(step.link, this.#controllers[step.who], {
          token: this.#token(step),
          limitBytes: step.limitBytes,
        });
      case 'mode':
        this.#controllers[step.who].mode = step.mode;
        return;
      case 'rollback':
        return this.#order(step.link, (agent) => agent.control.restore(step.link));
      case 'time':
        return this.#pass(step.ms);
      case 'start':
        return this.#start(step);
      case 'stop':
        return this.#stop();
      default:
        return this.#befall(step);
    }
  }

  /** What happens to the host from outside. */
  async #befall(step: AgentStep): Promise<void> {
    switch (step.do) {
      case 'clock step':
        this.#clock.step(step.ms);
        return;
      case 'disk':
        this.#disk.condition = step.condition;
        return;
      case 'kernel':
        this.#kernel.condition = step.condition;
        return;
      case 'by hand': {
        const queue = this.#queue(step.link);
        if (queue && this.#rules.isByHandClear(queue)) {
          this.#rules.setByHand(queue, step.limitBytes);
          // Nobody is so quick that the agent could not see it before its change.
          this.#clock.advance(100);
        }
        return;
      }
      case 'queue':
        return this.#replug(step);
      case 'kill later':
        this.#processes.dieAfter(this.#kernel.process, step.boundaries);
        return;
      case 'kill':
        this.#processes.kill(this.#kernel.process);
        return;
      case 'power cut':
        return this.#cutPower();
      case 'rot':
        return this.#rot(step.text);
    }
  }

  async #acquire(step: StepOf<'acquire'>): Promise<void> {
    const { link } = step;
    const controller = this.#controllers[step.who];
    const token =
      step.token === 'next' ? ++this.#newestToken : this.#token({ ...step, token: step.token });
    const claim = { link, holder: controller.holder, token };
    const before = this.#rules.leases.get(link);
    const isNewest = token > (before?.token ?? 0) && token === this.#newestToken;
    const isDue = step.token === 'next' && isNewest && this.#isAllWell(link);
    const call = this.#agent?.control.acquire({ ...claim, ttlMs: step.ttlMs });
    await this.#watched(call, {
      done: () => {
        this.#checkToken(claim);
        controller.granted(link, token);
        this.#rules.leases.set(link, { ...claim, untilMs: this.#until(step.ttlMs) });
      },
      isDue,
      what: `acquire ${JSON.stringify(claim)}`,
    });
  }

  async #renew(step: StepOf<'renew'>): Promise<void> {
    const { link } = step;
    const claim = { link, holder: this.#controllers[step.who].holder, token: this.#token(step) };
    const isLive = this.#rules.isLive(claim);
    const call = this.#agent?.control.renew({ ...claim, ttlMs: step.ttlMs });
    await this.#watched(call, {
      done: () => {
        if (!isLive)
          this.#rules.break('only a lease that is held is renewed', JSON.stringify(claim));
        this.#rules.leases.set(link, { ...claim, untilMs: this.#until(step.ttlMs) });
      },
      isDue: isLive && this.#isAllWell(link),
      what: `renew ${JSON.stringify(claim)}`,
    });
  }

  async #release(link: string, controller: RuledController): Promise<void> {
    const claim = { link, holder: controller.holder, token: controller.token(link) };
    const wasWell = this.#isAllWell(link);
    const release = async (agent: ServingAgent) => {
      await agent.control.release(claim);
      const lease = this.#rules.leases.get(link);
      if (lease?.token === claim.token) lease.untilMs = this.#clock.monotonicMs();
    };
    await this.#order(link, release, () => {
      if (wasWell && this.#isAllWell(link)) this.#rules.checkRestored([link], 'after a release');
    });
  }

  async #wish(step: StepOf<'wish'>): Promise<void> {
    const { link, wish, urgency, episode } = step;
    const queue = this.#queue(link);
    const controller = this.#controllers[step.who];
    if (queue === undefined) return;
    const limitBytes = controller.admit(link, {
      nowMs: this.#clock.monotonicMs(),
      current: queue.limitBytes,
      wish,
      urgency,
      episode,
      drainBytesPerSecond: step.drain,
    });
    if (limitBytes === undefined) return;
    await this.#set(link, controller, { token: controller.token(link), limitBytes });
  }

  async #set(
    link: string,
    controller: RuledController,
    wish: { token: number; limitBytes: number },
  ): Promise<void> {
    const change = { link, holder: controller.holder, ...wish };
    const { limitBytesMin, limitBytesMax } = agentBounds;
    const limitBytes = Math.round(wish.limitBytes);
    const isWithin = limitBytes >= limitBytesMin && limitBytes <= limitBytesMax;
    const isDue = isWithin && this.#rules.isLive(change) && this.#isAllWell(link);
    this.#rules.asked.add(change);
    const call = this.#agent?.control.setLimit(change);
    await this.#watched(call, {
      done: () => {
        this.#rules.asked.delete(change);
        this.counts.changes += 1;
        controller.succeeded(link, this.#clock.monotonicMs());
        const inForce = this.#queue(link)?.limitBytes;
        if (isDue && inForce !== limitBytes) {
          this.#rules.break('what was answered is in force', `${limitBytes} is ${inForce}`);
        }
      },
      failed: () => {
        this.#rules.asked.delete(change);
        const isOpened = controller.failed(link, this.#clock.monotonicMs());
        if (isOpened) void this.#release(link, controller);
      },
      isDue,
      what: `set ${JSON.stringify(change)}`,
    });
  }

  /** An order to put back, answered at its end. */
  async #order(
    link: string | undefined,
    make: (agent: ServingAgent) => Promise<unknown>,
    onDone: () => void = () => {},
  ): Promise<void> {
    const agent = this.#agent;
    if (agent === undefined) return;
    const order = {};
    this.#rules.ordered.set(order, link);
    const close = () => void this.#rules.ordered.delete(order);
    make(agent).then(() => {
      close();
      onDone();
    }, close);
  }

  /** Follow a call to its answer, which may come much later or never. */
  async #watched(
    call: Promise<unknown> | undefined,
    at: { done: () => void; failed?: () => void; isDue: boolean; what: string },
  ): Promise<void> {
    if (call === undefined) return at.failed?.();
    let answer: unknown = 'none';
    call.then(
      () => {
        answer = 'done';
        at.done();
      },
      (error: unknown) => {
        answer = error;
        this.counts.refusals += 1;
        at.failed?.();
      },
    );
    await this.#settle();
    if (!at.isDue || answer === 'done') return;
    this.#rules.break('what is right is done', `${at.what}: ${String(answer)}`);
  }

  async #pass(ms: number): Promise<void> {
    const each = Math.max(tickMs, ms / 12);
    for (let left = ms; left > 0; left -= each) {
      this.#clock.advance(Math.min(each, left));
      this.#agent?.control.expire();
      await this.#settle();
    }
  }

  async #start(step: StepOf<'start'>): Promise<void> {
    if (this.#agent !== undefined) return;
    if (step.first === 'supervisor') {
      await this.#run(step.boundaries, (process) => restoreAsSupervisor(process));
    }
    const isWell = this.#disk.condition === 'sound' && step.boundaries === undefined;
    let error: unknown;
    await this.#run(step.boundaries, (process) =>
      startAgent(process, this.#clock).then(
        (agent) => {
          if (this.#processes.isAlive(process)) this.#agent = agent;
        },
        (reason) => {
          error = reason;
          this.#processes.kill(process);
        },
      ),
    );
    if (!isWell) return;
    if (this.#agent === undefined) this.#rules.break('the agent starts again', String(error));
    else if (this.#kernel.condition === 'sound')
      this.#rules.checkRestored(linkNames, 'at the start');
  }

  /** A process of its own, up to where nothing of it moves any more. */
  async #run(boundaries: number | undefined, body: (process: number) => Promise<void>) {
    const process = this.#processes.start();
    this.#kernel.process = process;
    if (boundaries !== undefined) this.#processes.dieAfter(process, boundaries);
    body(process).catch(() => {});
    await this.#settle();
    // What waits for a disk that is stalled would hold the folder for ever.
    if (this.#agent === undefined) this.#processes.kill(process);
  }

  async #stop(): Promise<void> {
    const agent = this.#agent;
    const wasWell = linkNames.every((link) => this.#isAllWell(link));
    await this.#order(undefined, (one) => one.stop());
    await this.#settle();
    if (agent === undefined || this.#agent !== agent) return;
    if (wasWell) this.#rules.checkRestored(linkNames, 'after a stop');
    this.#processes.kill(this.#kernel.process);
    this.#endLeases();
  }

  #cutPower(): void {
    this.counts['power cuts'] += 1;
    this.#disk.cutPower();
    this.#endLeases();
    this.#kernel.boot += 1;
    for (const [index, queue] of this.#kernel.queues.entries()) {
      this.#kernel.queues[index] = { ...queue, limitBytes: 600_000 + 1_000 * this.#kernel.boot };
    }
    this.#rules.watch(this.#kernel);
  }

  #replug({ link, becomes }: StepOf<'queue'>): void {
    const { queues } = this.#kernel;
    const index = linkNames.indexOf(link);
    const queue = this.#queue(link);
    if (becomes === 'back' ? queue !== undefined : queue === undefined) return;
    if (queue !== undefined) {
      queues.splice(queues.indexOf(queue), 1);
      this.#rules.gone(queue);
    }
    if (becomes === 'gone') return;
    const fresh = queueOf(link, { index, limitBytes: 700_000 + this.counts.steps });
    fresh.handle = (this.counts.steps + 2) << 16;
    queues.push(fresh);
    this.#rules.appeared(fresh);
  }

  /** Nobody may begin with a record that cannot be read, or what it named is lost. */
  async #rot(text: string): Promise<void> {
    const whole = this.#disk.text(originalsFile);
    if (this.#agent !== undefined || whole === undefined || this.#disk.condition !== 'sound')
      return;
    this.#disk.corrupt(originalsFile, text);
    this.#rules.isRecordDamaged = true;
    await this.#run(undefined, async (process) => {
      this.#agent = await startAgent(process, this.#clock);
    });
    if (this.#agent !== undefined) {
      this.#rules.break('an unreadable record is never taken for an empty one', text);
    }
    this.#disk.corrupt(originalsFile, whole);
    this.#rules.isRecordDamaged = false;
  }

  /** Let everything happen that can without time passing, then look at the rules. */
  async #settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#agent !== undefined && !this.#processes.isAlive(this.#kernel.process)) {
      this.#endLeases();
    }
    this.#rules.check(this.#agent !== undefined);
  }

  #endLeases(): void {
    this.#agent = undefined;
    this.#rules.asked.clear();
    this.#rules.ordered.clear();
    for (const lease of this.#rules.leases.values()) lease.untilMs = Number.NEGATIVE_INFINITY;
  }

  /** Nothing hinders a call on a link: it must succeed if it is right. */
  #isAllWell(link: string): boolean {
    return (
      this.#agent !== undefined &&
      this.#disk.condition === 'sound' &&
      this.#kernel.condition === 'sound' &&
      this.#processes.isSpared(this.#kernel.process) &&
      this.#rules.asked.size === 0 &&
      this.#rules.ordered.size === 0 &&
      this.#queue(link) !== undefined
    );
  }

  #checkToken(claim: { link: string; holder: string; token: number }): void {
    const lease = this.#rules.leases.get(claim.link);
    if (lease === undefined || claim.token > lease.token) return;
    if (claim.token === lease.token && claim.holder === lease.holder) return;
    const detail = `${JSON.stringify(claim)} after ${JSON.stringify(lease)}`;
    this.#rules.break('no older and no borrowed token is accepted', detail);
  }

  #token({ link, who, token }: { link: string; who: 0 | 1; token: TokenChoice }): number {
    const own = this.#controllers[who].token(link);
    if (token === 'own') return own;
    if (token === 'older') return Math.max(1, own - 1);
    return this.#controllers[who === 0 ? 1 : 0].token(link);
  }

  #until(ttlMs: number): number {
    const { min, max } = leaseTtlMs;
    return this.#clock.monotonicMs() + Math.max(min, Math.min(max, ttlMs));
  }

  #queue(link: string): QueueInMemory | undefined {
    return this.#kernel.queues.find((one) => one.interface === link);
  }
}

function queueOf(name: string, at: { index: number; limitBytes: number }): QueueInMemory {
  const { index, limitBytes } = at;
  return {
    interface: name,
    ifindex: index + 2,
    handle: 0x10000,
    limitBytes,
    rateBytesPerSecond: 12_500_000,
  };
}
