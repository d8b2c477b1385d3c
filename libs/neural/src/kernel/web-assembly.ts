/** A compiled module; only the engine looks inside. */
export interface WasmModule {
  readonly compiled: unique symbol;
}

/** A memory that grows in pages of 64 KiB. */
export interface WasmGrowingMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

/** What we use of the engine's `WebAssembly`; its types come with those of browsers only. */
interface WebAssemblyEngine {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  validate(bytes: Uint8Array): boolean;
  Instance: new (
    module: WasmModule,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: Record<string, unknown> };
  Memory: new (size: { initial: number; maximum: number; shared: true }) => WasmGrowingMemory;
}

/** The engine's WebAssembly, with types. */
export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyEngine })
  .WebAssembly;
