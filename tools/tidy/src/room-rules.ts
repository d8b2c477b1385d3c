import { layerOf, type Manifest, type Room, roomsOf } from './rooms.ts';
import type { Offence, Rule, SourceTree } from './source-tree.ts';

const layers = ['core', 'kit', 'sim', 'app'];
const targets = ['lint', 'typecheck', 'test'];
const keyOrder = [
  ...['name', 'version', 'private', 'description', 'license', 'type', 'exports', 'bin', 'nx'],
  ...['scripts', 'dependencies', 'devDependencies', 'optionalDependencies'],
];

/** What every room has. */
export const roomRules: readonly Rule[] = [
  {
    name: 'manifests have one shape',
    check: (tree) => roomsOf(tree).flatMap((room) => manifestOffences(room, tree)),
  },
  {
    name: 'one npm package has one version range in all manifests',
    check: (tree) => rangeOffences(roomsOf(tree)),
  },
  {
    name: 'every room has a README with its name, and a tsconfig that extends the common one',
    check: (tree) => roomsOf(tree).flatMap((room) => companionOffences(room, tree)),
  },
];

function manifestOffences(room: Room, tree: SourceTree): Offence[] {
  const { folder, manifest } = room;
  const root = tree.files.find(({ path }) => path === 'package.json');
  const version = root === undefined ? undefined : (JSON.parse(root.text) as Manifest).version;
  const keys = Object.keys(manifest);
  const sorted = [...keys].sort((a, b) => keyOrder.indexOf(a) - keyOrder.indexOf(b));
  const wrong: [boolean, string][] = [
    [manifest.name !== `@levitate/${folder.split('/')[1]}`, 'name is not that of its folder'],
    [manifest.version !== version, `version is not ${version}`],
    [manifest.private !== true, 'private is not true'],
    [!/^\S.*\.$/.test(manifest.description ?? ''), 'description is not a sentence'],
    [manifest.license !== 'Apache-2.0', 'license is not Apache-2.0'],
    [manifest.type !== 'module', 'type is not module'],
    [manifest.exports === undefined, 'exports is missing'],
    [!layers.includes(layerOf(room) ?? ''), `nx.tags has not one of layer:${layers.join('|')}`],
    [targets.some((target) => manifest.nx?.targets?.[target] === undefined), 'a target is missing'],
    [keys.some((key) => !keyOrder.includes(key)), `keys beyond ${keyOrder.join(', ')}`],
    [keys.join() !== sorted.join(), `keys are not in the order ${sorted.join(', ')}`],
  ];
  return wrong
    .filter(([isWrong]) => isWrong)
    .map(([, what]) => ({ path: `${folder}/package.json`, what }));
}

function rangeOffences(rooms: readonly Room[]): Offence[] {
  const seen = new Map<string, { range: string; folder: string }>();
  return rooms.flatMap(({ folder, manifest }) =>
    Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).flatMap(
      ([name, range]) => {
        const first = seen.get(name) ?? { range, folder };
        seen.set(name, first);
        if (first.range === range) return [];
        const what = `${name} is ${range} here and ${first.range} in ${first.folder}`;
        return [{ path: `${folder}/package.json`, what }];
      },
    ),
  );
}

function companionOffences({ folder }: Room, tree: SourceTree): Offence[] {
  const text = (name: string) =>
    tree.files.find(({ path }) => path === `${folder}/${name}`)?.text ?? '';
  const title = `# ${folder.split('/')[1]}`;
  const readme = `${folder}/README.md`;
  const tsconfig = `${folder}/tsconfig.json`;
  return [
    ...(text('README.md').startsWith(`${title}\n`)
      ? []
      : [{ path: readme, what: `missing, or does not begin with "${title}"` }]),
    ...(text('tsconfig.json').includes('"../../tsconfig.base.json"')
      ? []
      : [{ path: tsconfig, what: 'missing, or does not extend ../../tsconfig.base.json' }]),
  ];
}
