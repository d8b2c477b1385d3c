import { execFileSync } from 'node:child_process';
import { realBpftool } from '@levitate/testing';

interface BtfType {
  id: number;
  kind: string;
  name: string;
  size?: number;
  type_id?: number;
  nr_elems?: number;
  members?: { name: string; type_id: number; bits_offset: number }[];
  type?: BtfType;
  array?: { type_id: number; nr_elems: number };
}

interface Field {
  name: string;
  offset: number;
  bytes: number;
  isSigned: boolean;
}

/** The numbers of a struct by the names of its members. */
export type Values<Name extends string = string> = Record<Name, number>;

/** The structs of the object as its own BTF has them, so that a test repeats no layout. */
export class Structs {
  readonly #types: Map<number, BtfType>;

  /** @param object path of the compiled programs */
  constructor(object: string) {
    const text = execFileSync(realBpftool.path, ['-j', 'btf', 'dump', 'file', object], {
      encoding: 'utf8',
    });
    const { types } = JSON.parse(text) as { types: BtfType[] };
    this.#types = new Map(types.map((type) => [type.id, type]));
  }

  size(struct: string): number {
    return this.#struct(struct).size ?? 0;
  }

  /** Every scalar member; 64 bit ones lose what is beyond 2^53. */
  decode(struct: string, bytes: Buffer): Values {
    const read = ({ offset, bytes: width, isSigned }: Field): number => {
      if (width === 8) {
        return Number(isSigned ? bytes.readBigInt64LE(offset) : bytes.readBigUInt64LE(offset));
      }
      return isSigned ? bytes.readIntLE(offset, width) : bytes.readUIntLE(offset, width);
    };
    return Object.fromEntries(this.#fields(struct).map((field) => [field.name, read(field)]));
  }

  /** @param values members left out are 0 */
  encode(struct: string, values: Values): Buffer {
    const bytes = Buffer.alloc(this.size(struct));
    const fields = new Map(this.#fields(struct).map((field) => [field.name, field]));
    for (const [name, value] of Object.entries(values)) {
      const field = fields.get(name);
      if (field === undefined) throw new Error(`struct ${struct} has no ${name}`);
      const { offset, bytes: width, isSigned } = field;
      if (width === 8 && isSigned) bytes.writeBigInt64LE(BigInt(Math.round(value)), offset);
      else if (width === 8) bytes.writeBigUInt64LE(BigInt(Math.round(value)), offset);
      else if (isSigned) bytes.writeIntLE(value, offset, width);
      else bytes.writeUIntLE(value, offset, width);
    }
    return bytes;
  }

  #struct(name: string): BtfType {
    for (const type of this.#types.values()) {
      if (type.kind === 'STRUCT' && type.name === name) return type;
    }
    throw new Error(`the object has no struct ${name}`);
  }

  #fields(struct: string): Field[] {
    return (this.#struct(struct).members ?? []).flatMap((member) => {
      const type = this.#resolved(member.type_id);
      if (type.kind !== 'INT') return [];
      const isSigned = JSON.stringify(type).includes('"SIGNED"');
      const offset = member.bits_offset / 8;
      return [{ name: member.name, offset, bytes: type.size ?? 0, isSigned }];
    });
  }

  #resolved(id: number): BtfType {
    const type = this.#types.get(id);
    if (type === undefined) throw new Error(`BTF has no type ${id}`);
    const isAlias = ['TYPEDEF', 'CONST', 'VOLATILE'].includes(type.kind);
    return isAlias ? this.#resolved(type.type_id ?? 0) : type;
  }
}

/** `struct __sk_buff` of the BPF ABI, for a test run: what of it may be given. */
export function packetContext(of: {
  wireBytes: number;
  gsoSize?: number;
  gsoSegments?: number;
}): Buffer {
  const context = Buffer.alloc(184);
  context.writeUInt32LE(of.wireBytes, 160);
  context.writeUInt32LE(of.gsoSegments ?? 0, 164);
  context.writeUInt32LE(of.gsoSize ?? 0, 176);
  return context;
}
