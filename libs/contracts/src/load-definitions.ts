import assert from 'node:assert';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import type { MessageCodec } from './message-codec.ts';

/** Folder of the contracts: beside a bundle of this code, else the only copy in the sources. */
export const protoRoot: string =
  ['./proto', '../../../proto']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path)) ?? '';

/**
 * Loads every proto once. Plain fields get their default, absent `optional` fields stay
 * `undefined`, absent messages are `null`; an enum number without a name stays a number, which
 * the validators refuse. `oneofs` is off: no contract has a oneof, and switched on it adds a
 * `_field` marker beside every optional field of every sample.
 */
export function loadDefinitions(): PackageDefinition {
  return loadSync(
    ['telemetry', 'predictor', 'fsu_controller', 'ebpf_agent', 'managed_resource'].map(
      (name) => `levitate/${name}/v1/${name}.proto`,
    ),
    { includeDirs: [protoRoot], longs: Number, enums: String, defaults: true, arrays: true },
  );
}

/** The service of that full name out of loaded definitions. */
export function serviceOf(definitions: PackageDefinition, fullName: string): ServiceDefinition {
  const found = definitions[fullName];
  assert(found !== undefined && !('format' in found), `${fullName} is not in ${protoRoot}`);
  return found as ServiceDefinition;
}

/** The codec of one message by its full name. */
export function messageOf<Init, Message>(
  definitions: PackageDefinition,
  fullName: string,
): MessageCodec<Init, Message> {
  const found = definitions[fullName];
  assert(found !== undefined && 'serialize' in found, `${fullName} is not in ${protoRoot}`);
  return {
    fullName,
    encode: found.serialize as (init: Init) => Buffer,
    decode: found.deserialize as (bytes: Buffer) => Message,
  };
}
