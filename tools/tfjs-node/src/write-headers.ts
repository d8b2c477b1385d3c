import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Our declarations of the part of the C API that the binding uses. */
export const headerSources: string = fileURLToPath(new URL('../include', import.meta.url));

/** By which names the binding includes them: TensorFlow's own layout. */
const forwards: Readonly<Record<string, string>> = {
  'c/c_api.h': 'session.h',
  'c/eager/c_api.h': 'eager.h',
  'c/tf_datatype.h': 'tensor.h',
  'c/tf_status.h': 'status.h',
  'c/tf_tensor.h': 'tensor.h',
  'core/platform/ctstring_internal.h': 'tstring.h',
};

/**
 * The jar has libraries without headers, so ours stand where the binding looks for them.
 *
 * @param include folder that goes to the compiler by `-I`.
 */
export function writeHeaders(include: string): void {
  const folder = join(include, 'tensorflow');
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(headerSources)) {
    copyFileSync(join(headerSources, name), join(folder, name));
  }
  for (const [path, source] of Object.entries(forwards)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `#include "tensorflow/${source}"\n`);
  }
}
