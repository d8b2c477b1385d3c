// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * Nothing: what the kernel's run statistics show of this program is the cost of measuring (they
 * read the clock before and after each run), to be taken off what they show of the others. Never
 * attached but for that.
 */
#include "kernel-types.bpf.h"

SEC("xdp")
int xdp_baseline(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_PASS;
}
