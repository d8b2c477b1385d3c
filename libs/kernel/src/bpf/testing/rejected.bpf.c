// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// Reads a packet without looking where it ends: the verifier must refuse it. Only for tests.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int reads_beyond(struct xdp_md *context)
{
	return *(__u8 *)(long)(context->data + 5) ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
