import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StateDirectory } from '@levitate/service-kit';
import { realRoot } from '@levitate/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditLog } from './audit-log.ts';
import { resizeEntry } from './testing/memory-directory.ts';
import { verifyAudit } from './verify-audit.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'levitate-audit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const writer = fileURLToPath(new URL('./testdata/write-audit.ts', import.meta.url));

describe('an audit log on a disk', () => {
  it('loses nothing that was told to be durable when its process is killed', async () => {
    let durable = 0;
    for (const afterMs of [150, 220, 300]) {
      const child = spawn(process.execPath, [writer, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const killing = once(child.stdout, 'data').then(() =>
        setTimeout(() => child.kill('SIGKILL'), afterMs),
      );
      let told = '';
      child.stdout.on('data', (text: Buffer) => {
        told += text;
      });
      await Promise.all([killing, once(child, 'close')]);
      durable = Number(told.trimEnd().split('\n').at(-1));
      const directory = await StateDirectory.open(folder);
      const found = await verifyAudit(directory);
      expect(found.faults.filter(({ kind }) => kind !== 'torn')).toEqual([]);
      expect(found.last.sequence).toBeGreaterThanOrEqual(durable);
      await directory.close();
    }
    expect(durable).toBeGreaterThan(10);
  });

  realRoot.it('keeps what finds no room on a full disk, and writes it when there is', async () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
    try {
      const directory = await StateDirectory.open(join(disk, 'audit'));
      const failures: unknown[] = [];
      const log = await AuditLog.open({
        ...{ directory, gatherMs: 0, retryMs: 20, nowUnixMs: Date.now() },
        onFailure: (error) => failures.push(error),
      });
      expect(await log.append(resizeEntry(0))).toBe('written');
      fill(join(disk, 'ballast'));
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, index) => log.append(resizeEntry(index + 1))),
      );
      expect(new Set(outcomes)).toEqual(new Set(['waiting']));
      expect(failures[0]).toMatchObject({ code: 'DISK_FULL' });
      const faults = (await verifyAudit(directory)).faults.map(({ kind }) => kind);
      expect(faults.filter((kind) => kind !== 'torn')).toEqual([]);
      rmSync(join(disk, 'ballast'));
      await expect.poll(() => log.waiting).toBe(0);
      expect(await log.verify()).toMatchObject({ isSound: true, records: 51 });
      await log.close();
      await directory.close();
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

/** Takes what room there is on a small disk. */
function fill(file: string): void {
  for (const bytes of [4_096, 512, 1]) {
    for (;;) {
      try {
        writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' });
      } catch {
        break;
      }
    }
  }
  expect(statSync(file).size).toBeGreaterThan(0);
}
