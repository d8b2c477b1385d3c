import { type BpfMap, enumNames, MapBatch } from '@levitate/kernel/bpf';
import { DROP_COUNT, DROP_KEY } from './layout.ts';
import { sumOverCpus } from './per-cpu.ts';

/** Packets of one link that the kernel threw away for one reason. */
export interface DropCount {
  /** Number of the link. */
  link: number;
  /** As the running kernel calls it, without its prefix; its number where that is not known. */
  reason: string;
  packets: number;
  bytes: number;
}

/** The drops of all links by the kernel's own reasons, counted since the programs were loaded. */
export class DropCounts {
  readonly #map: BpfMap;
  readonly #batch: MapBatch;
  /** Read when somebody asks first: the kernel's BTF has megabytes. */
  #names: ReadonlyMap<number, string> | undefined;

  constructor(map: BpfMap) {
    this.#map = map;
    this.#batch = new MapBatch(map);
  }

  /** @throws KernelError */
  read(): DropCount[] {
    const { keys, values, stride } = this.#batch;
    const count = this.#batch.readAll();
    return Array.from({ length: count }, (_, index) => {
      const key = index * DROP_KEY.bytes;
      const reason = keys.readUInt32LE(key + DROP_KEY.reason);
      const value = { start: index * stride, bytes: stride };
      const sum = (offset: number) =>
        sumOverCpus(values, { value, strideBytes: this.#map.cpuStrideBytes, offset });
      return {
        link: keys.readUInt32LE(key + DROP_KEY.link),
        reason: this.#nameOf(reason),
        packets: sum(DROP_COUNT.packets),
        bytes: sum(DROP_COUNT.byteCount),
      };
    });
  }

  #nameOf(reason: number): string {
    this.#names ??= enumNames('skb_drop_reason');
    return this.#names.get(reason)?.replace(/^SKB_DROP_REASON_/, '') ?? String(reason);
  }
}
