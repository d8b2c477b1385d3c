import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { TfjsNodeError } from './tfjs-node-error.ts';

/**
 * The jar that TensorFlow for Java publishes on Maven Central. 0.3.3 carries TensorFlow 2.4.1 in
 * 62 MB; 0.5.0 would carry 2.10.1 in 117 MB and brings nothing that the binding of 4.22 uses.
 */
export const libraryJar = {
  artifact: 'org.tensorflow:tensorflow-core-api:0.3.3:jar:linux-x86_64',
  file: 'tensorflow-core-api-0.3.3-linux-x86_64.jar',
  sha256: '8be70d7fa6404b04a342923c498dafef6d751a0cfb935b46d2fb9874e5d32c7f',
  libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  /** The Maven plugin that copies an artifact into a folder, with its version held. */
  plugin: 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy',
} as const;

/**
 * @param path of the jar, as fetched.
 * @param sha256 what it must be, in hexadecimal.
 * @throws {TfjsNodeError} `CORRUPT` when it is something else: it is never unpacked then.
 */
export async function verifyJar(path: string, sha256: string = libraryJar.sha256): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const found = hash.digest('hex');
  if (found === sha256) return;
  throw new TfjsNodeError({
    code: 'CORRUPT',
    what: 'the jar with libtensorflow is not the one we know',
    why: `its SHA-256 is ${found}, not ${sha256}`,
    next: 'remove org/tensorflow/tensorflow-core-api from ~/.m2/repository and try again',
  });
}
