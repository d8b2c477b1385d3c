/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * How the egress program tells the dequeue tracepoint when a packet came: in the packet's own
 * control block, the last 8 of the 20 bytes that a qdisc may use. bfifo, pfifo, tbf, htb, prio,
 * codel, fq_codel, fq, pie, cake and netem leave those alone (their private data is 12 bytes at
 * most); choke overwrites them, which the check word shows. A map keyed by the packet's address
 * would cost two hash operations a packet, and address reuse would give wrong delays.
 *
 * Word 3: time in 2^10 ns, wrapping after 73 minutes. Word 4: a mark and the link. The link
 * guards against a stamp from another interface that the packet went through before.
 */
#ifndef LEVITATE_STAMP_BPF_H
#define LEVITATE_STAMP_BPF_H

#include "levitate.bpf.h"

#define STAMP_TIME_WORD 3
#define STAMP_CHECK_WORD 4
#define STAMP_TIME_SHIFT 10
#define STAMP_MARK 0x4c760000U
#define STAMP_MARK_MASK 0xffff0000U
/* struct qdisc_skb_cb: 8 bytes (packet length, queue mapping, class), then those 20. */
#define QDISC_DATA_OFFSET 8

static inline_always u32 stamp_time(u64 now)
{
	return (u32)(now >> STAMP_TIME_SHIFT);
}

static inline_always u32 stamp_check(u32 link)
{
	return STAMP_MARK | (link & ~STAMP_MARK_MASK);
}

static inline_always u32 stamp_word(struct sk_buff *skb, u32 word)
{
	return *(u32 *)&skb->cb[QDISC_DATA_OFFSET + word * 4];
}

/* Packet length as the qdisc counts it, headers of all GSO segments in. */
static inline_always u32 qdisc_packet_bytes(struct sk_buff *skb)
{
	return *(u32 *)&skb->cb[0];
}

/*
 * When a packet last came to the egress program of a processor. What the qdisc then does with it
 * (enqueue, drop) happens at once on the same processor, and slots of 10 ms need no second look at
 * the clock, which is most of what such a program costs.
 */
struct egress_moment {
	u64 now;
	u32 link;
	u32 jiffies;
};

struct egress_moment egress_moments[PROCESSORS_MAX];

static inline_always void egress_moment_note(u32 link, u64 now)
{
	u32 processor = bpf_get_smp_processor_id();
	struct egress_moment *moment = &egress_moments[processor % PROCESSORS_MAX];

	if (unlikely(processor >= PROCESSORS_MAX))
		return;
	moment->now = now;
	moment->link = link;
	moment->jiffies = (u32)bpf_jiffies64();
}

/* @return the time, at most two jiffies old, of a packet that has just been through egress. */
static inline_always u64 egress_time(u32 link)
{
	u32 processor = bpf_get_smp_processor_id();
	struct egress_moment *moment = &egress_moments[processor % PROCESSORS_MAX];
	u32 age = (u32)bpf_jiffies64() - moment->jiffies;

	if (likely(moment->link == link && age <= 1 && moment->now != 0 &&
		   processor < PROCESSORS_MAX))
		return moment->now;
	return bpf_ktime_get_ns();
}

#endif
