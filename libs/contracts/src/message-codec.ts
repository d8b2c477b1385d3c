/** Encodes and decodes one message by itself, where no RPC does. */
export interface MessageCodec<Init, Message> {
  /** Full protobuf name; it carries the version. */
  readonly fullName: string;
  encode(init: Init): Buffer;
  /** @throws Error when the bytes are not such a message; nothing in it is validated. */
  decode(bytes: Buffer): Message;
}
