import koffi from 'koffi';
import { KernelError } from '../kernel-error.ts';
import { libc } from '../libc.ts';

/** An address in native memory. */
export type Pointer = bigint | null;

/**
 * The calls of libbpf 1.x that are used here. Those that give an `int` give a negative errno on
 * failure; those that give a pointer give null, and the number is in `libc().errno()`.
 */
export interface Libbpf {
  libbpf_version_string(): string;
  libbpf_set_print(print: Pointer): Pointer;
  libbpf_num_possible_cpus(): number;
  libbpf_find_vmlinux_btf_id(name: string, attachType: number): number;
  bpf_object__open_file(path: string, options: Uint8Array): Pointer;
  bpf_object__load(object: Pointer): number;
  bpf_object__close(object: Pointer): void;
  bpf_object__next_program(object: Pointer, previous: Pointer): Pointer;
  bpf_object__next_map(object: Pointer, previous: Pointer): Pointer;
  bpf_program__name(program: Pointer): string;
  bpf_program__section_name(program: Pointer): string;
  bpf_program__fd(program: Pointer): number;
  bpf_program__set_autoload(program: Pointer, isLoaded: boolean): number;
  bpf_map__name(map: Pointer): string;
  bpf_map__fd(map: Pointer): number;
  bpf_map__type(map: Pointer): number;
  bpf_map__key_size(map: Pointer): number;
  bpf_map__value_size(map: Pointer): number;
  bpf_map__max_entries(map: Pointer): number;
  bpf_map__set_max_entries(map: Pointer, entries: number): number;
  bpf_map__is_internal(map: Pointer): boolean;
  bpf_map_create(
    type: number,
    name: string,
    keyBytes: number,
    valueBytes: number,
    entries: number,
    options: null,
  ): number;
  bpf_map_lookup_elem(fd: number, key: Uint8Array, value: Uint8Array): number;
  bpf_map_update_elem(fd: number, key: Uint8Array, value: Uint8Array, flags: number): number;
  bpf_map_delete_elem(fd: number, key: Uint8Array): number;
  bpf_map_get_next_key(fd: number, key: Uint8Array | null, next: Uint8Array): number;
  bpf_map_lookup_batch(
    fd: number,
    from: Uint8Array | null,
    next: Uint8Array,
    keys: Uint8Array,
    values: Uint8Array,
    count: Uint32Array,
    options: null,
  ): number;
  bpf_prog_load(
    type: number,
    name: string,
    license: string,
    instructions: Uint8Array,
    count: number,
    options: Uint8Array | null,
  ): number;
  bpf_prog_get_fd_by_id(id: number): number;
  bpf_prog_test_run_opts(fd: number, options: Uint8Array): number;
  bpf_link_create(fd: number, target: number, type: number, options: Uint8Array | null): number;
  bpf_raw_tracepoint_open(name: string | null, fd: number): number;
  bpf_xdp_query(ifindex: number, flags: number, options: Uint8Array): number;
  bpf_tc_hook_create(hook: Uint8Array): number;
  bpf_tc_hook_destroy(hook: Uint8Array): number;
  bpf_tc_attach(hook: Uint8Array, options: Uint8Array): number;
  bpf_tc_detach(hook: Uint8Array, options: Uint8Array): number;
  bpf_tc_query(hook: Uint8Array, options: Uint8Array): number;
  bpf_obj_pin(fd: number, path: string): number;
  bpf_obj_get(path: string): number;
  bpf_obj_get_info_by_fd(fd: number, info: Uint8Array, length: Uint32Array): number;
  bpf_enable_stats(kind: number): number;
  btf__load_vmlinux_btf(): Pointer;
  btf__find_by_name_kind(btf: Pointer, name: string, kind: number): number;
  btf__type_by_id(btf: Pointer, id: number): Pointer;
  btf__name_by_offset(btf: Pointer, offset: number): string | null;
  btf__free(btf: Pointer): void;
}

/** Result and arguments of each call, as koffi reads them. */
const SIGNATURES: { readonly [name in keyof Libbpf]: readonly [string, string] } = {
  libbpf_version_string: ['const char *', 'void'],
  libbpf_set_print: ['void *', 'void *'],
  libbpf_num_possible_cpus: ['int', 'void'],
  libbpf_find_vmlinux_btf_id: ['int', 'const char *, int'],
  bpf_object__open_file: ['void *', 'const char *, void *'],
  bpf_object__load: ['int', 'void *'],
  bpf_object__close: ['void', 'void *'],
  bpf_object__next_program: ['void *', 'void *, void *'],
  bpf_object__next_map: ['void *', 'void *, void *'],
  bpf_program__name: ['const char *', 'void *'],
  bpf_program__section_name: ['const char *', 'void *'],
  bpf_program__fd: ['int', 'void *'],
  bpf_program__set_autoload: ['int', 'void *, bool'],
  bpf_map__name: ['const char *', 'void *'],
  bpf_map__fd: ['int', 'void *'],
  bpf_map__type: ['int', 'void *'],
  bpf_map__key_size: ['uint32_t', 'void *'],
  bpf_map__value_size: ['uint32_t', 'void *'],
  bpf_map__max_entries: ['uint32_t', 'void *'],
  bpf_map__set_max_entries: ['int', 'void *, uint32_t'],
  bpf_map__is_internal: ['bool', 'void *'],
  bpf_map_create: ['int', 'int, const char *, uint32_t, uint32_t, uint32_t, void *'],
  bpf_map_lookup_elem: ['int', 'int, void *, void *'],
  bpf_map_update_elem: ['int', 'int, void *, void *, uint64_t'],
  bpf_map_delete_elem: ['int', 'int, void *'],
  bpf_map_get_next_key: ['int', 'int, void *, void *'],
  bpf_map_lookup_batch: ['int', 'int, void *, void *, void *, void *, void *, void *'],
  bpf_prog_load: ['int', 'int, const char *, const char *, void *, size_t, void *'],
  bpf_prog_get_fd_by_id: ['int', 'uint32_t'],
  bpf_prog_test_run_opts: ['int', 'int, void *'],
  bpf_link_create: ['int', 'int, int, int, void *'],
  bpf_raw_tracepoint_open: ['int', 'const char *, int'],
  bpf_xdp_query: ['int', 'int, int, void *'],
  bpf_tc_hook_create: ['int', 'void *'],
  bpf_tc_hook_destroy: ['int', 'void *'],
  bpf_tc_attach: ['int', 'void *, void *'],
  bpf_tc_detach: ['int', 'void *, void *'],
  bpf_tc_query: ['int', 'void *, void *'],
  bpf_obj_pin: ['int', 'int, const char *'],
  bpf_obj_get: ['int', 'const char *'],
  bpf_obj_get_info_by_fd: ['int', 'int, void *, void *'],
  btf__load_vmlinux_btf: ['void *', 'void'],
  btf__find_by_name_kind: ['int', 'void *, const char *, uint32_t'],
  btf__type_by_id: ['void *', 'void *, uint32_t'],
  btf__name_by_offset: ['const char *', 'void *, uint32_t'],
  btf__free: ['void', 'void *'],
  bpf_enable_stats: ['int', 'int'],
};

/** The name that every libbpf 1.x carries, on every distribution. */
const LIBRARY = 'libbpf.so.1';

let bound: Libbpf | undefined;

/**
 * Bind libbpf on first use: a host without it pays nothing until it asks for BPF.
 * @throws KernelError `unsupported` off Linux, or where libbpf 1.x or koffi does not load
 */
export function libbpf(): Libbpf {
  bound ??= bind();
  return bound;
}

function bind(): Libbpf {
  libc(); // Says first, and better, when this is no Linux or koffi does not load.
  try {
    const library = koffi.load(LIBRARY);
    const calls = Object.entries(SIGNATURES).map(([name, [result, args]]) => [
      name,
      library.func(`${result} ${name}(${args})`),
    ]);
    const lib = Object.fromEntries(calls) as Libbpf;
    // By itself libbpf writes to stderr; its words go into our errors instead (libbpf-words.ts).
    lib.libbpf_set_print(null);
    return lib;
  } catch (cause) {
    throw new KernelError({
      code: 'unsupported',
      what: `loading ${LIBRARY}`,
      why: cause instanceof Error ? cause.message : String(cause),
      next: 'install libbpf 1.0 or newer (`apt-get install libbpf1`)',
      cause,
    });
  }
}
