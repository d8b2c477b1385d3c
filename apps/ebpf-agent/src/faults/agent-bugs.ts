import type { PlantedBug } from '@levitate/testing/faults';

const control = 'apps/ebpf-agent/src/limit-control.ts';
const restore = 'apps/ebpf-agent/src/restore-originals.ts';
const records = 'apps/ebpf-agent/src/durable-records.ts';
const opened = 'apps/ebpf-agent/src/agent-records.ts';
const queue = 'apps/ebpf-agent/src/actuators/restore-queue.ts';
const kernel = 'apps/ebpf-agent/src/real-kernel.ts';
const directory = 'libs/service-kit/src/state-directory.ts';
const replace = 'libs/service-kit/src/replace-durably.ts';
const originals = 'libs/control/src/safety/originals.ts';
const lease = 'libs/control/src/safety/lease.ts';
const envelope = 'libs/control/src/safety/envelope.ts';
const allowance = 'libs/control/src/safety/change-allowance.ts';
const breaker = 'libs/control/src/safety/circuit-breaker.ts';

const bug = (
  name: string,
  file: string,
  ...edits: readonly (readonly [was: string, becomes: string])[]
): PlantedBug => ({ name, file, edits });

/** Who may change what, and when it is put back. */
const controlBugs = [
  bug('the original is recorded after the change', control, [
    `    const noted = await this.#noteOriginals(claim.link, actuation);
`,
    `    const early = this.#actuations.set(claim.link, actuation, wish);
    const noted = await this.#noteOriginals(claim.link, actuation);
    if (early.limitBytes > 0) return early;
`,
  ]),
  bug('the original is never written', control, [
    'await this.#write(ORIGINALS_FILE, originalsText(this.#originals.toRecord()));',
    'await Promise.resolve();',
  ]),
  bug(
    'a record counts as durable before it is written',
    control,
    [
      'const { revision } = this.#originals;\n    await this.#write(',
      `const { revision } = this.#originals;
    this.#originals.markDurable(revision);
    await this.#write(`,
    ],
    ['      this.#forgetNoted(unrecorded);\n      throw error;', '      throw error;'],
  ),
  bug('a failed write of the record is passed over', control, [
    '      this.#forgetNoted(unrecorded);\n      throw error;',
    '      if (error === undefined) throw error;',
  ]),
  bug('a note that could not be written stays when somebody sets another limit', control, [
    '      this.#forgetNoted(unrecorded);\n      throw error;',
    '      throw error;',
  ]),
  bug('a limit set by hand during the write is taken for ours', control, [
    'if (isSlow && this.#isMoved(claim.link, noted)) {',
    'if (isSlow && noted.length < 0) {',
  ]),
  bug('the lease is not looked at again after the write', control, [
    '    this.#checkPermit(claim);\n    const isSlow',
    '    const isSlow',
  ]),
  bug('the lease is looked at only after the write', control, [
    '      this.#checkPermit(claim);\n      this.#checkBounds(limitBytes);',
    '      this.#checkBounds(limitBytes);',
  ]),
  bug('bounds are not checked', control, ['      this.#checkBounds(limitBytes);\n', '']),
  bug('the minimum is not checked', control, ['limitBytes >= limitBytesMin && ', '']),
  bug('a lapsed lease is not noticed', control, [
    "      this.#owed.set(link, 'lapsed');\n      this.#retryAtMs = nowMs;\n",
    '',
  ]),
  bug('a restore takes the limit from a successor', control, [
    '      if (this.#leases.get(link)?.holder(nowMs) !== undefined) continue;\n',
    '',
  ]),
  bug('a restore that failed is not tried again', control, [
    "if (one.outcome === 'failed') this.#owed.set(one.link, 'retry');",
    "if (one.outcome === 'failed') this.#actuations.forget(one.link);",
  ]),
  bug('what an earlier run could not restore is not tried again', control, [
    "    for (const { detail } of originals.restorePlan()) this.#owed.set(detail.link, 'retry');\n",
    '',
  ]),
  bug('a lease that is given up restores nothing', control, [
    "      await this.#restoreLinks([claim.link], 'released');\n",
    '',
  ]),
  bug('a stop restores nothing', control, [
    "this.#restoreLinks(undefined, 'stop')",
    "this.#restoreLinks([], 'stop')",
  ]),
  bug('the record is not written again after a restore', control, [
    '    await this.#writeOriginals().catch(() => {});\n    return restored;',
    '    return restored;',
  ]),
  bug('a record that could not be written is left too long', control, [
    '    if (this.#isBehind) await this.#writeOriginals().catch(() => {});\n',
    '',
  ]),
  bug('a stop leaves a record that could not be written before', control, [
    'if (wanted.length === 0 && !this.#isBehind) return [];',
    'if (wanted.length === 0) return [];',
  ]),
  bug('a lease is granted that is not durable', control, [
    '      await this.#writeLeases({ [claim.link]: proposal.record });\n',
    '      await this.#writeLeases({ [claim.link]: proposal.record }).catch(() => {});\n',
  ]),
  bug('the newest token is not in the record of its grant', control, [
    'leases: { ...leases, ...proposed }',
    'leases: { ...proposed, ...leases }',
  ]),
  bug('a challenger whose grant fails still takes the lease', control, [
    '      await this.#writeLeases({ [claim.link]: proposal.record });\n',
    `      lease.acquire({ ...claim, nowMs: this.#now() });
      await this.#writeLeases({ [claim.link]: proposal.record });
`,
  ]),
  bug('fencing tokens are forgotten at a restart', control, [
    'Object.hasOwn(leases, name) ? new Lease(leases[name]) : new Lease(),',
    'new Lease(),',
  ]),
];

/** What is put back, from which record. */
const restoreBugs = [
  bug('an original is struck before it is put back', restore, [
    '      const outcome = restore(target, size);\n      if',
    '      originals.abandon(key);\n      const outcome = restore(target, size);\n      if',
  ]),
  bug('a restore that fails counts as done', restore, [
    "      return { ...restored, outcome: 'failed', error };",
    "      originals.abandon(key);\n      return { ...restored, outcome: 'failed', error };",
  ]),
  bug('the next start puts nothing back', opened, [
    '    await restore(directory);\n',
    '    await Promise.resolve();\n',
  ]),
  bug('the next start leaves the record as it was', restore, [
    '  await store.writeDurably(ORIGINALS_FILE, originalsText(originals.toRecord()));\n',
    '',
  ]),
  bug('the next start empties the record first', restore, [
    '  const restored = restoreOriginals({ originals, restore: restoreTarget });\n',
    `  await store.writeDurably(ORIGINALS_FILE, originalsText({ version: 1, originals: [] }));
  const restored = restoreOriginals({ originals, restore: restoreTarget });\n`,
  ]),
  bug('an unreadable record is taken for an empty one', records, [
    "    throw unreadable(name, 'it is not JSON', cause);",
    '    if (cause !== undefined) return undefined;',
  ]),
  bug('a record of a later release is taken for an empty one', records, [
    '  if (record !== null && isKnown) return record;\n',
    '  return isKnown ? (record ?? undefined) : undefined;\n',
  ]),
  bug('a queue of an earlier boot is taken for this one', queue, [
    "  if (identity.bootId !== bootId()) return 'gone';\n",
    '',
  ]),
  bug('another queue in the place of the first is restored', queue, [
    '    present.handle === identity.handle &&\n',
    '',
  ]),
  bug('another queue in the place of the first is changed', kernel, [
    '    if (!isSameQueue(present, identity)) throw changed(identity);\n',
    '',
  ]),
  bug('an original is forgotten once it is durable', originals, [
    '      if (noted <= revision) this.#awaiting.delete(key);',
    '      if (noted <= revision && this.#awaiting.delete(key)) this.#originals.delete(key);',
  ]),
];

/** What is durable on the disk. */
const diskBugs = [
  bug('bytes are not synced before the file is renamed', replace, [
    '    await handle.sync();\n',
    '',
  ]),
  bug('the folder is not synced', replace, ['    await folder.sync();\n', '']),
  bug('the folder is synced before the rename', replace, [
    '  await rename(temporary, file);\n  await syncFolder(dirname(file));',
    '  await syncFolder(dirname(file));\n  await rename(temporary, file);',
  ]),
  bug(
    'the file is written in its place',
    replace,
    [
      "  const handle = await open(temporary, 'w', 0o640);",
      "  const handle = await open(file, 'w', 0o640);",
    ],
    ['  await rename(temporary, file);\n', ''],
  ),
  bug('a disk that fails is not told of', directory, [
    '() => replaceDurably(file, bytes));',
    '() => replaceDurably(file, bytes).catch(() => {}));',
  ]),
];

/** Leases. */
const leaseBugs = [
  bug('an equal token of another holder is accepted', lease, [
    'if (token === this.#highestToken && holder !== this.#holder) return',
    'if (token < 0) return',
  ]),
  bug('an older token is accepted', lease, [
    "    if (token < this.#highestToken) return 'stale-token';\n",
    '',
  ]),
  bug('any token of the holder changes limits', lease, [
    'return this.#isLive(nowMs) && holder === this.#holder && token === this.#highestToken;',
    'return this.#isLive(nowMs) && holder === this.#holder;',
  ]),
  bug('a lease that lapsed still changes limits', lease, [
    'return this.#isLive(nowMs) && holder === this.#holder && token === this.#highestToken;',
    'return holder === this.#holder && token === this.#highestToken;',
  ]),
  bug('a lease ends before its time', lease, [
    'nowMs < this.#untilMs;',
    'nowMs < this.#untilMs - 400;',
  ]),
  bug('a lease lasts as long as anybody asks', lease, [
    'Math.max(leaseTtlMsMin, Math.min(leaseTtlMsMax, claim.ttlMs))',
    'Math.max(leaseTtlMsMin, claim.ttlMs)',
  ]),
  bug('the end of a lease is never told', lease, [
    'if (this.#untilMs === undefined || this.#isLive(nowMs)) return false;',
    'if (this.#untilMs === undefined || nowMs > 0) return false;',
  ]),
];

/** Envelope and breaker. */
const envelopeBugs = [
  bug('a wish that is no number passes', envelope, [
    'const asked = Number.isFinite(wish) ? wish : current;',
    'const asked = wish;',
  ]),
  bug('the minimum does not bind', envelope, [
    'return Math.min(this.ceiling, Math.max(this.min, Math.min(this.max, size)));',
    'return Math.min(this.ceiling, Math.min(this.max, size));',
  ]),
  bug('the maximum does not bind', envelope, [
    'return Math.min(this.ceiling, Math.max(this.min, Math.min(this.max, size)));',
    'return Math.min(this.ceiling, Math.max(this.min, size));',
  ]),
  bug('the minimum wins over the latency budget', envelope, [
    'return Math.min(this.ceiling, Math.max(this.min, Math.min(this.max, size)));',
    'return Math.max(this.min, Math.min(this.ceiling, Math.min(this.max, size)));',
  ]),
  bug('the latency budget is used to its last byte', envelope, [
    'export const latencyBudgetShare = 0.98;',
    'export const latencyBudgetShare = 1;',
  ]),
  bug('a drain rate that is no number is believed', envelope, [
    '      Number.isFinite(drainBytesPerSecond) &&\n      drainBytesPerSecond > 0\n',
    '      drainBytesPerSecond !== 0\n',
  ]),
  bug('a queue beyond the latency budget waits for a token', envelope, [
    'const isUrgent = isForced || (isRise',
    'const isUrgent = (isRise',
  ]),
  bug('a small step beyond the latency budget is not taken', envelope, [
    'if (!isForced && Math.abs',
    'if (Math.abs',
  ]),
  bug('urgent changes borrow without end', allowance, [
    '(at.urgent ? 2 * this.perMinute : this.perMinute)',
    '(at.urgent ? Number.POSITIVE_INFINITY : this.perMinute)',
  ]),
  bug('what is borrowed is not charged', envelope, [
    'return { verdict: { allowed: size, reasons }, isCharged: true };',
    "return { verdict: { allowed: size, reasons }, isCharged: !reasons.includes('borrowed') };",
  ]),
  bug('a token comes back too early', allowance, [
    'spentMs > nowMs - minuteMs',
    'spentMs > nowMs - minuteMs / 2',
  ]),
  bug('one change a minute too many', allowance, [
    'return this.#spentMs.length < (at',
    'return this.#spentMs.length <= (at',
  ]),
  bug('a fall after a rise counts as the same move', envelope, [
    'if (this.#move === undefined || this.#move.isRise !== isRise) return false;',
    'if (this.#move === undefined) return false;',
  ]),
  bug('rises of two episodes count as one', envelope, [
    '    if (isRise && this.#move.episode !== episode) return false;\n',
    '',
  ]),
  bug('a recommendation that is not carried out is charged', envelope, [
    '    return this.#judge(request).verdict;\n',
    '    return this.admit(request);\n',
  ]),
  bug('the breaker opens one failure too early', breaker, [
    'if (this.#failures <= this.failuresMax)',
    'if (this.#failures < this.failuresMax)',
  ]),
  bug('the breaker opens one failure too late', breaker, [
    'if (this.#failures <= this.failuresMax)',
    'if (this.#failures <= this.failuresMax + 1)',
  ]),
  bug('the breaker counts failures that are not in a row', breaker, [
    "if (this.state(nowMs) === 'closed') this.#failures = 0;",
    "if (this.state(nowMs) === 'open') this.#failures = 0;",
  ]),
  bug('a success closes an open breaker', breaker, [
    "if (this.state(nowMs) === 'closed') this.#failures = 0;",
    'if (nowMs >= 0) this.reset();',
  ]),
];

/** Mistakes that could be made in what keeps a host safe; the sequences must notice each. */
export const agentBugs: readonly PlantedBug[] = [
  ...controlBugs,
  ...restoreBugs,
  ...diskBugs,
  ...leaseBugs,
  ...envelopeBugs,
];
