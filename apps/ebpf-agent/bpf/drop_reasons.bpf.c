// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * Every packet the kernel throws away while it belongs to a watched interface, by the kernel's
 * own reason. Drops of the qdisc also go into the slots of the link, so that the drops of 10 ms
 * stand beside its arrivals.
 *
 * The tracepoint kfree_skb fires for drops; packets that reached their end go to consume_skb,
 * to which nothing is attached. The reason is checked all the same.
 *
 * Bytes and packets are those of frames: a GSO packet dropped whole (one drop to the qdisc) is
 * as many as it would have become, as it was when it arrived.
 */
#include "levitate.bpf.h"
#include "stamp.bpf.h"

#define is_reason(reason, name) \
	(enum_exists(enum skb_drop_reason, name) && \
	 (reason) == enum_value(enum skb_drop_reason, name))

/* Reasons for which a qdisc drops; each kernel has some of them. */
static inline_always bool is_by_qdisc(u32 reason)
{
	return is_reason(reason, SKB_DROP_REASON_QDISC_DROP) ||
	       is_reason(reason, SKB_DROP_REASON_QDISC_OVERLIMIT) ||
	       is_reason(reason, SKB_DROP_REASON_QDISC_CONGESTED) ||
	       is_reason(reason, SKB_DROP_REASON_CAKE_FLOOD) ||
	       is_reason(reason, SKB_DROP_REASON_FQ_BAND_LIMIT) ||
	       is_reason(reason, SKB_DROP_REASON_FQ_HORIZON_LIMIT) ||
	       is_reason(reason, SKB_DROP_REASON_FQ_FLOW_LIMIT);
}

/* @param bytes with the headers of all segments. */
static inline_always u32 frames_of(struct sk_buff *skb, u32 bytes)
{
	u16 segments = 0;

	if (likely(bytes == skb->len))
		return 1;
	const struct skb_shared_info *info = (void *)(skb->head + skb->end);

	bpf_probe_read_kernel(&segments, sizeof(segments), &info->gso_segs);
	return segments > 0 ? segments : 1;
}

static inline_always void reason_count(u32 link, u32 reason, u32 packets, u32 bytes)
{
	struct drop_key key = { .link = link, .reason = reason };
	struct drop_count *count = bpf_map_lookup_elem(&drop_reasons, &key);

	if (!count) {
		struct drop_count none = {};

		bpf_map_update_elem(&drop_reasons, &key, &none, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&drop_reasons, &key);
	}
	if (!count)
		return;
	/* Atomic although per processor: a drop in process context can be interrupted by one. */
	__sync_fetch_and_add(&count->packets, packets);
	__sync_fetch_and_add(&count->bytes, bytes);
}

/* Arguments: skb, location, reason (then, since 6.11, the socket). */
SEC("tp_btf/kfree_skb")
int levitate_kfree_skb(u64 *ctx)
{
	struct sk_buff *skb = (void *)ctx[0];
	u32 reason = (u32)ctx[2];
	struct net_device *dev = skb->dev;

	if (!dev || reason <= enum_value(enum skb_drop_reason, SKB_CONSUMED))
		return 0;
	/* Not the cache: a drop may come in process context, which softirq interrupts. */
	struct link_key key = link_key_of(dev);
	u32 link = link_of_key(&key);

	if (link == LINK_NONE)
		return 0;
	bool by_qdisc = is_by_qdisc(reason);
	u32 bytes = by_qdisc ? qdisc_packet_bytes(skb) : skb->len;
	u32 packets = by_qdisc ? frames_of(skb, bytes) : 1;

	reason_count(link, reason, packets, bytes);
	if (!by_qdisc)
		return 0;
	struct link_slot *slot = slot_of(link, egress_time(link));

	if (!slot)
		return 0;
	slot->dropped_bytes += bytes;
	slot->dropped_packets += packets;
	return 0;
}
