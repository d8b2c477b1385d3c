import { readFile } from 'node:fs/promises';
import { DeliveryError } from './delivery-error.ts';

/**
 * The first line of a file that holds a secret, read anew for each message, so that a secret that
 * is exchanged counts at once.
 * @param key of the configuration, for the error
 * @throws {DeliveryError} `REFUSED` when it cannot be read or is empty
 */
export async function secretLine(key: string, file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unreadable(`${key} ${file} cannot be read: ${error.code}`);
  });
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  if (line === '') throw unreadable(`the first line of ${key} ${file} is empty`);
  return line;
}

/**
 * The authorities of a `ca_file`; `undefined` for none, which means the system's.
 * @throws {DeliveryError} `REFUSED` when it cannot be read
 */
export async function authorities(file: string): Promise<Buffer | undefined> {
  if (file === '') return undefined;
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    const message = `ca_file ${file} cannot be read: ${error.code}`;
    throw new DeliveryError({ code: 'REFUSED', message, nextStep: 'let it name a PEM file' });
  });
}

function unreadable(message: string): DeliveryError {
  const nextStep = 'let it name a file with the secret in its first line that can be read';
  return new DeliveryError({ code: 'REFUSED', message, nextStep });
}
