import { filterNamesMax, gainMax, leaseTtlMs, limitBytesMax, linksOfCallMax } from './limits.ts';
import { name, nameOrAll } from './sample-fields.ts';
import { integer, list, message, range, requestOf, required } from './validators.ts';

/** 0 is what a link without a lease shows, so no holder may bring it. */
const fencingToken = required(integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
const lease = { link: name, holder: name, fencingToken };
const ttlMs = required(range(leaseTtlMs));
const limitBytes = required(range({ min: 1, max: limitBytesMax }));
const gain = required(range({ min: 0, max: gainMax }));
/** Those of the virtual queue; left out, they stay. */
const gains = message({ kp: gain, ki: gain, kd: gain });
const ofCall = { min: 1, max: linksOfCallMax };

/** Validators of `levitate.ebpf_agent.v1.EbpfAgentService`. */
export const ebpfAgentValidators = {
  streamSamples: requestOf({}),
  streamMicrobursts: requestOf({ links: list(required(name), { max: filterNamesMax }) }),
  listLinks: requestOf({}),
  acquireLease: requestOf({ ...lease, ttlMs }),
  renewLease: requestOf({ ...lease, ttlMs }),
  renewLeases: requestOf({
    holder: name,
    ttlMs,
    leases: list(required(message({ link: name, fencingToken })), ofCall),
  }),
  releaseLease: requestOf(lease),
  setQueueLimit: requestOf({ ...lease, limitBytes, gains }),
  setQueueLimits: requestOf({
    holder: name,
    changes: list(required(message({ link: name, fencingToken, limitBytes, gains })), ofCall),
  }),
  restore: requestOf({ link: nameOrAll }),
  getCapabilities: requestOf({}),
  listPrograms: requestOf({}),
};
