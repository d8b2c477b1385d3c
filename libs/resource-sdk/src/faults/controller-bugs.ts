import type { PlantedBug } from '@levitate/testing/faults';

const controller = 'libs/resource-sdk/src/controller.ts';
const kept = 'libs/resource-sdk/src/kept-original.ts';
const store = 'libs/resource-sdk/src/original-store.ts';
const deadline = 'libs/resource-sdk/src/deadline.ts';
const governor = 'libs/control/src/resource-governor.ts';
const envelope = 'libs/control/src/safety/envelope.ts';
const allowance = 'libs/control/src/safety/change-allowance.ts';
const breaker = 'libs/control/src/safety/circuit-breaker.ts';
const replace = 'libs/service-kit/src/replace-durably.ts';

const bug = (
  name: string,
  file: string,
  ...edits: readonly (readonly [was: string, becomes: string])[]
): PlantedBug => ({ name, file, edits });

/** When something may be changed, and what is put back. */
const controllerBugs = [
  bug('the original is noted after the change', controller, [
    '      await this.#original.note(size, signal);\n',
    `      await this.#options.resource.apply(apply, signal);
      await this.#original.note(size, signal);
`,
  ]),
  bug('the original is never noted', controller, [
    '      await this.#original.note(size, signal);\n',
    '',
  ]),
  bug('a change goes on after its time is over', controller, [
    '      signal.throwIfAborted();\n      if (!this.#mayChange)',
    '      if (!this.#mayChange)',
  ]),
  bug('the mode is looked at only at the start of a change', controller, [
    "return !isBarred && this.mode === 'enforce' && !this.#isStopping;",
    'return !isBarred && !this.#isStopping;',
  ]),
  bug('a pause or a lost lease is noticed only by the next tick', controller, [
    "return !isBarred && this.mode === 'enforce' && !this.#isStopping;",
    "return (isBarred || !isBarred) && this.mode === 'enforce' && !this.#isStopping;",
  ]),
  bug('a stop lets a change through that is on its way', controller, [
    "return !isBarred && this.mode === 'enforce' && !this.#isStopping;",
    "return !isBarred && this.mode === 'enforce';",
  ]),
  bug('a stop restores nothing', controller, [
    '    await this.restore();\n    // Others',
    '    // Others',
  ]),
  bug('nothing is put back when the mode is no longer to enforce', controller, [
    "barred === undefined && this.mode === 'enforce' && !this.isBreakerOpen;",
    'barred === undefined && !this.isBreakerOpen;',
  ]),
  bug('nothing is put back while paused', controller, [
    "barred === undefined && this.mode === 'enforce' && !this.isBreakerOpen;",
    "this.mode === 'enforce' && !this.isBreakerOpen;",
  ]),
  bug('nothing is put back when the breaker opens', controller, [
    "barred === undefined && this.mode === 'enforce' && !this.isBreakerOpen;",
    "barred === undefined && this.mode === 'enforce';",
  ]),
  bug('a restore that failed is not tried again', controller, [
    'const restoreRetryMs = 5_000;',
    'const restoreRetryMs = Number.POSITIVE_INFINITY;',
  ]),
  bug(
    'an original is put back without the lease',
    controller,
    ["    if (this.#options.barred?.() === 'lease-not-held') return false;\n", ''],
    [
      "=== 'lease-not-held') throw new Error('the lease is gone');\n",
      "=== 'paused') resource.metrics?.();\n",
    ],
  ),
  bug('a lease that is lost in the middle of a restore is not noticed', controller, [
    "=== 'lease-not-held') throw new Error('the lease is gone');\n",
    "=== 'paused') resource.metrics?.();\n",
  ]),
  bug('a controller that lost the lease believes its old original', controller, [
    "    if (barred === 'lease-not-held') this.#leave();\n",
    '',
  ]),
  bug('a controller that starts again believes its old original', controller, [
    '    this.#leave();\n    this.#isStopping',
    '    this.#isStopping',
  ]),
  bug('a controller that changed nothing forgets the original of another', controller, [
    '    if (this.#original.value === undefined) return;\n',
    '',
  ]),
  bug('a resource that kept its size through a restart loses its original', controller, [
    '    if (size === this.#asked || size === this.#seen) return;\n',
    '',
  ]),
  bug('a change that failed late is forgotten at a restart', controller, [
    'if (size === this.#asked || size === this.#seen) return;',
    'if (size === this.#asked && size === this.#seen) return;',
  ]),
];

/** What is recorded, and until when. */
const originalBugs = [
  bug('a second note overwrites the original', kept, [
    'const original = noted ?? (await this.#found(size, signal));',
    'const original = await this.#found(size, signal);',
  ]),
  bug('the original is forgotten before it is read back', kept, [
    '    while (!this.#holds(',
    '    await this.forget();\n    while (!this.#holds(',
  ]),
  bug('the original is forgotten before it is put back', kept, [
    '    const resource = this.#resource;\n    if (resource.restore',
    '    await this.forget();\n    const resource = this.#resource;\n    if (resource.restore',
  ]),
  bug('what was put back is not read back', kept, [
    'while (!this.#holds(size, (await resource.measure(signal)).size)) {',
    'while (!this.#holds(size, original.size)) {',
  ]),
  bug('what was put back stays recorded', kept, [
    '    await this.forget();\n    return size;',
    '    return size;',
  ]),
  bug('what a dead process noted is taken for durable', kept, [
    '    if (this.#isWritten) return;\n',
    '    if (noted !== undefined) return;\n',
  ]),
  bug('an answer of the store is believed that comes after a change of rule', kept, [
    '    this.#unlearned += 1;\n',
    '',
  ]),
  bug('a removal that failed counts as not made', kept, [
    '    // A removal that fails may have been made.\n    this.#isWritten = false;\n',
    '',
  ]),
  bug('only the size is put back', kept, [
    'return snapshot === undefined ? { size } : { size, snapshot };',
    'return snapshot === undefined ? { size } : { size };',
  ]),
  bug('the store forgets what else was noted', store, [
    "return typeof snapshot === 'string' ? { size, snapshot } : { size };",
    'return snapshot === undefined ? { size, snapshot } : { size };',
  ]),
  bug('the store does not say that it cannot write', store, [
    '    await this.#directory.writeDurably(',
    `    const text = JSON.stringify(original);
    if (text) return this.#directory.writeDurably(fileOf(name), text).catch(() => {});
    await this.#directory.writeDurably(`,
  ]),
  bug('the store writes what cannot be read', store, [
    'JSON.stringify(original)',
    'String(original.size)',
  ]),
  bug('bytes are not synced before the file is renamed', replace, [
    '    await handle.sync();\n',
    '',
  ]),
  bug('the folder is not synced', replace, ['    await folder.sync();\n', '']),
  bug(
    'the file is written in its place',
    replace,
    ["open(temporary, 'w', 0o640)", "open(file, 'w', 0o640)"],
    ['  await rename(temporary, file);\n', ''],
  ),
  bug('what hangs is waited for', deadline, [
    'return await Promise.race([work(late.signal), deadline.promise]);',
    'deadline.promise.catch(() => {});\n    return await work(late.signal);',
  ]),
];

/** What is measured, decided and refused. */
const governorBugs = [
  bug('a need that is no number is believed', governor, [
    'const isCount = (value: number) => Number.isFinite(value) && value >= 0 && value <= most;',
    'const isCount = (value: number) => !(value < 0) && !(value > most);',
  ]),
  bug('a need below nothing is believed', governor, [
    'Number.isFinite(value) && value >= 0 && value <= most;',
    'Number.isFinite(value) && value <= most;',
  ]),
  bug('a hundredfold need is believed', governor, [
    'Number.isFinite(value) && value >= 0 && value <= most;',
    'Number.isFinite(value) && value >= 0;',
  ]),
  bug('a measurement that is missing is no failure', governor, [
    "if (measured === undefined) return this.#failed(nowMs, 'not-measured');",
    `if (measured === undefined) {
      const failed = this.#failed(nowMs, 'not-measured');
      this.#breaker.reset();
      return failed;
    }`,
  ]),
  bug('a size set by hand is fought', governor, [
    "    if (nowMs < this.#handedOffUntilMs) held.push('set-by-hand');\n",
    '',
  ]),
  bug('the hold of a size set by hand ends early', governor, [
    'nowMs + (this.#settings.handOffMs ?? 60_000)',
    'nowMs + (this.#settings.handOffMs ?? 60_000) / 10',
  ]),
  bug('an open breaker bars nothing', governor, [
    "    if (this.#breaker.state(nowMs) === 'open') held.push('breaker-open');\n",
    '',
  ]),
  bug('the mode bars nothing', governor, [
    "    if (mode !== 'enforce') held.push(`mode-",
    '    if (nowMs < 0) held.push(`mode-',
  ]),
  bug('what is barred is decided all the same', governor, [
    'const held: GovernorReason[] = barred === undefined ? [] : [barred];',
    'const held: GovernorReason[] = barred === undefined || nowMs > 0 ? [] : [barred];',
  ]),
  bug('a change that fails is no failure', governor, [
    '    this.#change = undefined;\n    return this.#breaker.recordFailure(nowMs);',
    "    this.#change = undefined;\n    return 'borne';",
  ]),
  bug('the minimum does not bind', envelope, [
    'Math.min(this.ceiling, Math.max(this.min, Math.min(this.max, size)))',
    'Math.min(this.ceiling, Math.min(this.max, size))',
  ]),
  bug('the maximum does not bind', envelope, [
    'Math.min(this.ceiling, Math.max(this.min, Math.min(this.max, size)))',
    'Math.max(this.min, size)',
  ]),
  bug('changes are not charged', envelope, [
    'if (isCharged) this.#allowance.spend(request.nowMs);',
    'if (isCharged && request.nowMs < 0) this.#allowance.spend(request.nowMs);',
  ]),
  bug('urgent changes borrow without end', allowance, [
    '(at.urgent ? 2 * this.perMinute : this.perMinute)',
    '(at.urgent ? Number.POSITIVE_INFINITY : this.perMinute)',
  ]),
  bug('the breaker opens one failure too early', breaker, [
    'if (this.#failures <= this.failuresMax)',
    'if (this.#failures < this.failuresMax)',
  ]),
  bug('the breaker opens one failure too late', breaker, [
    'if (this.#failures <= this.failuresMax)',
    'if (this.#failures <= this.failuresMax + 1)',
  ]),
  bug('the breaker closes too soon', breaker, [
    'options.coolOffMs ?? 600_000',
    'options.coolOffMs ?? 6_000',
  ]),
];

/** Mistakes that could be made in what rules a resource; the sequences must notice each. */
export const plantedBugs: readonly PlantedBug[] = [
  ...controllerBugs,
  ...originalBugs,
  ...governorBugs,
];
