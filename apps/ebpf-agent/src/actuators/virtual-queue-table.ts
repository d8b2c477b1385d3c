/** How the virtual queue of a link is controlled in the kernel: `buffer_config_map`. */
export interface VirtualQueueConfig {
  /** Depth of the virtual queue, bytes. */
  maxSize: number;
  /** Gains of the PID on its occupancy, Q16.16 as the map holds them. */
  kp: number;
  ki: number;
  kd: number;
}

/** The map of virtual queues of a loaded BPF object. */
export interface VirtualQueueTable {
  /** Tells this map from another made later: a record of another's entries is void. */
  readonly id: string;
  /** @returns `undefined` where the link has no virtual queue @throws KernelError */
  read(link: string): VirtualQueueConfig | undefined;
  /** @throws KernelError */
  write(link: string, config: VirtualQueueConfig): void;
}
