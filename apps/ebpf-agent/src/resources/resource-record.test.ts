import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RestoreEvent } from '@levitate/resource-sdk/grpc';
import { StateDirectory } from '@levitate/service-kit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openResources } from './open-resources.ts';
import { resourcesConfig } from './resource-config.ts';
import { recordResources, restoreResources } from './resource-record.ts';
import { RESOURCES_FILE } from './resources-file.ts';

const claim = { holder: 'test', token: 1 };
let root = '';
let directory: StateDirectory;
const events: RestoreEvent[] = [];
const onRestore = (event: RestoreEvent) => void events.push(event);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'levitate-resources-'));
  directory = await StateDirectory.open(join(root, 'state'));
  events.length = 0;
});
afterEach(async () => {
  await directory.close();
  await rm(root, { recursive: true });
});

/** A folder with the files of a control group, which plain files stand for here. */
async function group(name: string) {
  const folder = join(root, name);
  await mkdir(folder);
  const file = (each: string) => join(folder, each);
  writeFileSync(file('memory.high'), 'max\n');
  writeFileSync(file('memory.current'), '50000000\n');
  writeFileSync(file('memory.stat'), 'inactive_file 0\n');
  writeFileSync(file('memory.events'), 'high 0\n');
  const limit = () => readFileSync(file('memory.high'), 'utf8').trim();
  return { config: { name, kind: 'cgroup', folder, min_bytes: 1e8, max_bytes: 4e8 }, limit };
}

/** What an agent that dies leaves behind. */
async function changed(configs: object[]) {
  const resources = resourcesConfig.parse(configs);
  await recordResources(directory, resources, onRestore);
  const host = await openResources({ resources, directory, onRestore });
  for (const served of host.all) {
    await served.acquire({ ...claim, ttlMs: 60_000 });
    await served.apply({ ...claim, size: 2e8 });
  }
  return resources;
}

it('a control group is limited, and has no limit again when the agent is gone', async () => {
  const jobs = await group('jobs');
  await changed([jobs.config]);
  expect(jobs.limit()).toBe('200000000');
  await restoreResources(directory, onRestore);
  expect(jobs.limit()).toBe('max');
  expect(events).toMatchObject([{ name: 'jobs', reason: 'stop', error: undefined }]);
  await restoreResources(directory, onRestore);
  expect(events).toHaveLength(1);
});

it('what is served no more is put back, and stays written down until it is', async () => {
  const [jobs, mail] = [await group('jobs'), await group('mail')];
  const [kept] = await changed([jobs.config, mail.config]);
  const resources = kept === undefined ? [] : [kept];
  const peak = join(root, 'mail/memory.events');
  await rm(peak);
  await recordResources(directory, resources, onRestore);
  expect(events).toMatchObject([{ name: 'mail', error: expect.anything() }]);
  writeFileSync(peak, 'high 0\n');
  await recordResources(directory, resources, onRestore);
  expect([jobs.limit(), mail.limit()]).toEqual(['200000000', 'max']);
  const written = JSON.parse(`${await directory.read(RESOURCES_FILE)}`);
  expect(written).toMatchObject([{ name: 'jobs' }]);
  await recordResources(directory, [], onRestore);
  expect(jobs.limit()).toBe('max');
  expect(await directory.read(RESOURCES_FILE)).toBeUndefined();
});
