import type { PathTraceKind } from '@levitate/traffic';

/** A set of traces of the same origin; every figure is stated for each. */
export type BandwidthSetName = '4g' | '5g' | 'oboe' | 'ucc';

/** Where a set comes from. */
export interface BandwidthSet {
  name: BandwidthSetName;
  /** The folder of its files, and how they are read. */
  kind: PathTraceKind;
  /** A few words for a reader. */
  what: string;
  /** As its repository states it. */
  licence: string;
}

/** The sets that the bandwidth forecast is trained and scored on (SPEC 3.2), in report order. */
export const bandwidthSets: readonly BandwidthSet[] = [
  {
    name: '4g',
    kind: 'bandwidth-lumos5g-4g-1s',
    what: 'Lumos5G, 4G: throughput of a moving phone',
    licence: 'none stated at top level (SIGCOMM21-5G/artifact)',
  },
  {
    name: '5g',
    kind: 'bandwidth-lumos5g-5g-1s',
    what: 'Lumos5G, mmWave 5G: throughput of a moving phone',
    licence: 'none stated at top level (SIGCOMM21-5G/artifact)',
  },
  {
    name: 'oboe',
    kind: 'bandwidth-oboe-1s',
    what: 'Oboe: chunk rates of video sessions, held to seconds',
    licence: 'none stated (USC-NSL/Oboe)',
  },
  {
    name: 'ucc',
    kind: '5g-download-1s',
    what: 'UCC 5G: bulk downloads, dl_kbps',
    licence: 'GPLv3 (uccmisl/5Gdataset)',
  },
];
