import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelError } from './model-error.ts';
import type { ModelFile } from './model-file.ts';
import { ModelRegistry, type ModelRegistryOptions } from './model-registry.ts';
import { tinyDraft, tinyParameters } from './testing/tiny-model.ts';
import { writeModelFile } from './write-model-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'levitate-models-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, over: Parameters<typeof tinyDraft>[0] & { scale?: number } = {}) => {
  const { scale = 1, ...draft } = over;
  const parameters = tinyParameters(scale);
  return writeModelFile({
    folder: join(folder, name),
    draft: tinyDraft({ name, ...draft }),
    parameters,
  });
};

function registryOf(over: Partial<ModelRegistryOptions> = {}) {
  const events: string[] = [];
  const proven: ModelFile[] = [];
  const registry = new ModelRegistry({
    folder,
    capabilities: ['bandwidth', 'burst'],
    prove: async (file) => void proven.push(file),
    onChange: ({ name, refusal }, event) => events.push(`${event} ${name} ${refusal?.code ?? ''}`),
    ...over,
  });
  return { registry, events, proven };
}

describe('the registry', () => {
  it('holds nothing where there is no folder, and says nothing of it', async () => {
    const { registry, events } = registryOf({ folder: join(folder, 'none') });
    await registry.refresh();
    expect(registry.entries).toEqual([]);
    expect(events).toEqual([]);
  });

  it('passes over a folder in which a training has not written its manifest yet', async () => {
    await mkdir(join(folder, 'begun'));
    const { registry, events } = registryOf();
    await registry.refresh();
    expect(registry.entries).toEqual([]);
    expect(events).toEqual([]);
  });

  it('loads a single folder beside them, before one of the same name', async () => {
    const apart = join(folder, 'apart');
    await write('one');
    await write('apart/one', { name: 'one' });
    await write('apart/two', { name: 'two' });
    const more = [join(apart, 'one'), join(apart, 'two')];
    const { registry, events } = registryOf({ more });
    await registry.refresh();
    expect(events).toEqual(['loaded one ', 'loaded two ']);
    const { entries } = registry;
    expect(entries.map((entry) => entry.folder)).toEqual(more);
    await rm(join(apart, 'two'), { recursive: true });
    await registry.refresh();
    expect(events.at(-1)).toMatch(/^refused two missing/);
  });

  it('loads what there is, once, by capability', async () => {
    await write('one');
    await write('two', { capability: 'burst' });
    await write('three', { capability: 'liquid' });
    const { registry, events, proven } = registryOf();
    await Promise.all([registry.refresh(), registry.refresh()]);
    await registry.refresh();
    expect(registry.of('bandwidth').map(({ id }) => id)).toEqual(['one@1']);
    expect(registry.of('burst').map(({ id }) => id)).toEqual(['two@1']);
    expect(registry.of('liquid')).toEqual([]);
    expect(events).toEqual(['loaded one ', 'loaded two ']);
    expect(proven).toHaveLength(2);
  });

  it('takes a new version while it runs, keeps the old one if the new is damaged', async () => {
    await write('one');
    const { registry, events } = registryOf();
    await registry.refresh();
    await write('one', { version: '2', scale: 3 });
    await registry.refresh();
    expect(registry.get('one')?.file?.id).toBe('one@2');
    await truncate(join(folder, 'one', 'weights.f32'), 5);
    await registry.refresh();
    expect(registry.get('one')?.file?.id).toBe('one@2');
    expect([...(registry.get('one')?.file?.parameters[0]?.values ?? [])]).toEqual([3, 0, 0, 3]);
    expect(registry.get('one')?.refusal?.message).toMatch(/truncated/);
    await write('one', { version: '3' });
    await registry.refresh();
    expect(registry.get('one')).toMatchObject({ file: { id: 'one@3' }, refusal: undefined });
    await rm(join(folder, 'one'), { recursive: true });
    await registry.refresh();
    expect(registry.of('bandwidth')).toEqual([]);
    expect(events).toEqual([
      'loaded one ',
      'loaded one ',
      'refused one corrupt',
      'loaded one ',
      'removed one ',
    ]);
  });

  it('refuses what fails its trial and goes on with the rest', async () => {
    await write('bad');
    await write('good');
    const prove = async ({ id }: ModelFile) => {
      if (id !== 'bad@1') return;
      throw new ModelError({ code: 'features', message: 'it wants rain', nextStep: 'retrain it' });
    };
    const { registry } = registryOf({ prove });
    await registry.refresh();
    expect(registry.of('bandwidth').map(({ id }) => id)).toEqual(['good@1']);
    expect(registry.get('bad')?.refusal?.code).toBe('features');
    const failing = registryOf({ prove: () => Promise.reject(new Error('no memory')) });
    await failing.registry.refresh();
    expect(failing.registry.get('good')?.refusal?.message).toMatch(/good failed .*no memory/);
  });

  it('refuses a second folder with a model of that name, and one that holds none', async () => {
    await write('one');
    await writeModelFile({
      folder: join(folder, 'other'),
      draft: tinyDraft({ name: 'one' }),
      parameters: tinyParameters(),
    });
    await writeModelFile({
      folder: join(folder, 'stray'),
      draft: tinyDraft(),
      parameters: tinyParameters(),
    });
    await writeFile(join(folder, 'stray', 'manifest.json'), '[]');
    const { registry } = registryOf();
    await registry.refresh();
    const { entries } = registry;
    expect(entries.map(({ refusal }) => refusal?.code)).toEqual([undefined, 'shape', 'malformed']);
  });
});
