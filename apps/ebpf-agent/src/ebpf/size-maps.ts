import { type BpfObject, possibleCpus } from '@levitate/kernel/bpf';
import { SLOTS_PER_LINK } from './layout.ts';

/** Give the maps of an object that is not loaded yet room for so many links. */
export function sizeMaps(object: BpfObject, links: number): void {
  const cpus = possibleCpus();
  object.setMaxEntries('link_slots', cpus * SLOTS_PER_LINK * links);
  object.setMaxEntries('sojourn_histogram', cpus * links);
  for (const map of ['ingress_counters', 'buffer_config_map', 'link_config_map', 'virtual_queue']) {
    object.setMaxEntries(map, links);
  }
}
