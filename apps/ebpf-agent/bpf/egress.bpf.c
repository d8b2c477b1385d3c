// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * tc on the egress of a watched interface (clsact, before the qdisc): counts what arrives at the
 * queue into slots of 10 ms and stamps each packet with the time, so that the dequeue tracepoint
 * can tell how long it stood. Decides nothing: the next program of the hook has its say.
 *
 * One GSO packet is counted as the frames it will become.
 */
#include "levitate.bpf.h"
#include "packet.bpf.h"
#include "stamp.bpf.h"

/* ARP hardware types (ABI) whose packets begin with an Ethernet header. */
#define HARDWARE_ETHERNET 1
#define HARDWARE_LOOPBACK 772

static inline_always u32 segments_of(struct __sk_buff *ctx)
{
	if (likely(ctx->gso_size == 0))
		return 1;
	u32 segments = ctx->gso_segs;

	/* Packets from a guest may leave the number to the kernel, which counts later. */
	return segments > 0 ? segments : (ctx->len + ctx->gso_size - 1) / ctx->gso_size;
}

SEC("tc")
int levitate_egress(struct __sk_buff *ctx)
{
	/* Reading the clock waits for all loads under way, so it comes before any. */
	u64 now = bpf_ktime_get_ns();
	struct sk_buff *skb = bpf_cast_to_kern_ctx(ctx);
	struct net_device *dev = skb->dev;
	u32 link = link_of(dev);

	if (link == LINK_NONE)
		return TC_ACT_UNSPEC;
	struct link_slot *slot = slot_of(link, now);

	if (!slot)
		return TC_ACT_UNSPEC;
	u8 *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	bool has_ethernet = dev->type == HARDWARE_ETHERNET || dev->type == HARDWARE_LOOPBACK;
	enum packet_kind kind = has_ethernet ? ethernet_kind(data, end)
					     : network_kind(data, end, (u16)ctx->protocol);

	slot->bytes += ctx->wire_len;
	slot->packets += segments_of(ctx);
	if (kind == PACKET_SYN)
		slot->syns += 1;
	egress_moment_note(link, now);
	ctx->cb[STAMP_TIME_WORD] = stamp_time(now);
	ctx->cb[STAMP_CHECK_WORD] = stamp_check(link);
	return TC_ACT_UNSPEC;
}
