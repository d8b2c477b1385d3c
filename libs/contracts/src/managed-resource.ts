import { filterNamesMax, leaseTtlMs } from './limits.ts';
import { name, nameOrAll } from './sample-fields.ts';
import { integer, list, type Rule, range, requestOf, required } from './validators.ts';

/** 0 is what a resource without a lease shows, so no holder may bring it. */
const token = integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const claim = { name, holder: name, fencingToken: required(token) };
const ttlMs = required(range(leaseTtlMs));
/** Beyond it a double does not hold every whole number; a resource has its own bounds. */
const size = required(range({ min: 0, max: Number.MAX_SAFE_INTEGER }));

/** A holder proves itself, an operator has nothing to prove it with. */
const holderBringsToken: Rule = ({ holder, fencingToken }) =>
  holder && fencingToken === undefined
    ? { field: 'fencing_token', description: 'is required with a holder' }
    : undefined;

/** Validators of `levitate.managed_resource.v1.ManagedResourceService`. */
export const managedResourceValidators = {
  listResources: requestOf({}),
  measure: requestOf({ names: list(required(name), { max: filterNamesMax }), reader: nameOrAll }),
  apply: requestOf({ ...claim, size }),
  acquireLease: requestOf({ ...claim, ttlMs }),
  renewLease: requestOf({ ...claim, ttlMs }),
  releaseLease: requestOf(claim),
  restore: requestOf({ name: nameOrAll, holder: nameOrAll, fencingToken: token }, [
    holderBringsToken,
  ]),
};
