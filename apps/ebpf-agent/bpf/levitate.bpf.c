// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * The one object: all programs over one set of maps. Compiled together instead of linked, so
 * that the compiler is the only tool whose version shows in the bytes.
 */
#include "baseline.bpf.c"
#include "buffer_control.bpf.c"
#include "drop_reasons.bpf.c"
#include "egress.bpf.c"
#include "qdisc_depth.bpf.c"

/*
 * Read by the kernel, which gives some helpers only to programs that say so: the tracing
 * programs could not run without it. Loaded into a kernel the object is used under the GPL; the
 * sources may be used under either licence named above.
 */
char LICENSE[] SEC("license") = "GPL";
