import { isMap, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import type { ConfigFault } from './config-fault.ts';

/** A YAML text as values with their lines. */
export interface YamlSource {
  readonly value: Readonly<Record<string, unknown>>;
  /** `file:line` of a path, of its nearest parent when the path itself is not there. */
  readonly where: (path: readonly PropertyKey[]) => string;
  readonly faults: readonly ConfigFault[];
}

/** Largest configuration file, bytes. */
export const configBytesMax = 1_048_576;

/** Reads one YAML document whose top is a map; an empty one is an empty map. Pure. */
export function readYaml(file: { name: string; text: string }): YamlSource {
  const lines = new LineCounter();
  const at = (offset: number) => `${file.name}:${lines.linePos(offset).line}`;
  if (file.text.length > configBytesMax) {
    const problem = `is larger than ${configBytesMax} bytes`;
    return empty([{ where: file.name, key: '', problem }], file.name);
  }
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings].map((error) => ({
    where: at(error.pos[0]),
    key: '',
    problem: `not valid YAML: ${error.message}`,
  }));
  if (faults.length > 0) return empty(faults, file.name);
  if (document.contents === null) return empty([], file.name);
  if (!isMap(document.contents)) {
    const problem = 'must hold keys and values';
    return empty([{ where: at(document.contents.range[0]), key: '', problem }], file.name);
  }
  let value: Record<string, unknown>;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return empty([{ where: file.name, key: '', problem }], file.name);
  }
  const { contents } = document;
  return { value, faults: [], where: (path) => at(offsetOf(contents, path)) };
}

/** Offset of the key at the end of a path, or of the last part of it that exists. */
function offsetOf(root: ParsedNode, path: readonly PropertyKey[]): number {
  let node: ParsedNode | null = root;
  let offset = root.range[0];
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(key) === String(step));
      if (pair === undefined) return offset;
      offset = (pair.key as ParsedNode).range[0];
      node = pair.value as ParsedNode | null;
    } else if (node !== null && 'items' in node) {
      const item = node.items[Number(step)] as ParsedNode | undefined;
      if (item === undefined) return offset;
      offset = item.range[0];
      node = item;
    } else {
      return offset;
    }
  }
  return offset;
}

function empty(faults: readonly ConfigFault[], name: string): YamlSource {
  return { value: {}, faults, where: () => name };
}
