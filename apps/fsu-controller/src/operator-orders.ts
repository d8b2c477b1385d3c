import { KillSwitch, type Mode, type Pause } from '@levitate/control';
import type { StateDirectory } from '@levitate/service-kit';
import { stateNotDurable } from './errors.ts';

const fileName = 'operator-orders.json';

/** What an operator ordered and a restart must not forget. */
interface OrdersRecord {
  version: 1;
  pause?: Pause | undefined;
  modes: Record<string, Mode>;
}

/**
 * Orders of operators over the configuration: modes of targets and the kill switch. In force at
 * once, durable before they are answered.
 */
export class OperatorOrders {
  readonly #directory: Pick<StateDirectory, 'writeDurably'>;
  readonly #modes: Map<string, Mode>;
  readonly #killSwitch: KillSwitch;

  private constructor(
    directory: Pick<StateDirectory, 'writeDurably'>,
    record: OrdersRecord | undefined,
  ) {
    this.#directory = directory;
    this.#modes = new Map(Object.entries(record?.modes ?? {}));
    this.#killSwitch = new KillSwitch(record?.pause);
  }

  static async open(
    directory: Pick<StateDirectory, 'writeDurably' | 'read'>,
  ): Promise<OperatorOrders> {
    const bytes = await directory.read(fileName);
    const record = bytes && (JSON.parse(bytes.toString('utf8')) as OrdersRecord);
    return new OperatorOrders(directory, record);
  }

  /** The mode ordered for a target; `undefined`: as configured. */
  mode(target: string): Mode | undefined {
    return this.#modes.get(target);
  }

  pause(nowUnixMs: number): Pause | undefined {
    return this.#killSwitch.current(nowUnixMs);
  }

  /** @throws RpcError `STATE_NOT_DURABLE`; the order is in force nevertheless */
  async setMode(targets: readonly string[], mode: Mode, nowUnixMs: number): Promise<void> {
    for (const target of targets) this.#modes.set(target, mode);
    await this.#write(nowUnixMs);
  }

  /** @throws RpcError `STATE_NOT_DURABLE`; the order is in force nevertheless */
  async throwKillSwitch(order: {
    nowUnixMs: number;
    durationMs: number | undefined;
    reason: string;
  }): Promise<void> {
    const { nowUnixMs: nowMs, durationMs, reason } = order;
    this.#killSwitch.pause({ nowMs, durationMs, reason });
    await this.#write(nowMs);
  }

  /** @throws RpcError `STATE_NOT_DURABLE`; the order is in force nevertheless */
  async resume(nowUnixMs: number): Promise<void> {
    this.#killSwitch.resume();
    await this.#write(nowUnixMs);
  }

  async #write(nowUnixMs: number): Promise<void> {
    const pause = this.#killSwitch.current(nowUnixMs);
    const record: OrdersRecord = { version: 1, pause, modes: Object.fromEntries(this.#modes) };
    try {
      await this.#directory.writeDurably(fileName, JSON.stringify(record));
    } catch (error) {
      throw stateNotDurable(error);
    }
  }
}
