import type { FieldViolation } from '@levitate/contracts';
import protobuf from 'protobufjs';

/** What `grpc-status-details-bin` carries for us. */
export interface StatusDetails {
  readonly code: number;
  readonly message: string;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly FieldViolation[];
}

/** `ErrorInfo.domain` of every reason this project defines. */
export const errorDomain = 'levitate';

// google/rpc/status.proto and error_details.proto, the three messages that are used.
const root = protobuf.Root.fromJSON({
  nested: {
    Any: { fields: { typeUrl: { type: 'string', id: 1 }, value: { type: 'bytes', id: 2 } } },
    Status: {
      fields: {
        code: { type: 'int32', id: 1 },
        message: { type: 'string', id: 2 },
        details: { rule: 'repeated', type: 'Any', id: 3 },
      },
    },
    ErrorInfo: {
      fields: {
        reason: { type: 'string', id: 1 },
        domain: { type: 'string', id: 2 },
        metadata: { keyType: 'string', type: 'string', id: 3 } as protobuf.IMapField,
      },
    },
    BadRequest: {
      fields: { fieldViolations: { rule: 'repeated', type: 'FieldViolation', id: 1 } },
      nested: {
        FieldViolation: {
          fields: { field: { type: 'string', id: 1 }, description: { type: 'string', id: 2 } },
        },
      },
    },
  },
});
const statusType = root.lookupType('Status');
const errorInfoType = root.lookupType('ErrorInfo');
const badRequestType = root.lookupType('BadRequest');
const errorInfoUrl = 'type.googleapis.com/google.rpc.ErrorInfo';
const badRequestUrl = 'type.googleapis.com/google.rpc.BadRequest';

/** Encodes a `google.rpc.Status` with an `ErrorInfo`, and a `BadRequest` where there are faults. */
export function encodeStatusDetails(details: StatusDetails): Buffer {
  const { code, message, reason, metadata, violations } = details;
  const errorInfo = { reason, domain: errorDomain, metadata };
  const packed = [{ typeUrl: errorInfoUrl, value: errorInfoType.encode(errorInfo).finish() }];
  if (violations.length > 0) {
    const value = badRequestType.encode({ fieldViolations: violations }).finish();
    packed.push({ typeUrl: badRequestUrl, value });
  }
  return Buffer.from(statusType.encode({ code, message, details: packed }).finish());
}

/** Decodes what a peer sent; `undefined` when it is not a `google.rpc.Status`. */
export function decodeStatusDetails(bytes: Uint8Array): StatusDetails | undefined {
  try {
    const plain = { defaults: true, arrays: true, objects: true } as const;
    const decoded = statusType.toObject(statusType.decode(bytes), plain) as {
      code: number;
      message: string;
      details: { typeUrl: string; value: Uint8Array }[];
    };
    const find = (url: string, type: protobuf.Type) => {
      const packed = decoded.details.find((detail) => detail.typeUrl === url);
      return packed && type.toObject(type.decode(packed.value), plain);
    };
    const errorInfo = find(errorInfoUrl, errorInfoType);
    const badRequest = find(badRequestUrl, badRequestType);
    return {
      code: decoded.code,
      message: decoded.message,
      reason: errorInfo?.reason ?? '',
      metadata: errorInfo?.metadata ?? {},
      violations: badRequest?.fieldViolations ?? [],
    };
  } catch {
    return undefined;
  }
}
