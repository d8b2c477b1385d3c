// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * The queue itself, seen from its two tracepoints: how high it stood at every enqueue (exact, no
 * polling) and how long each packet stood in it at dequeue.
 *
 * Both tracepoints fire for the root qdisc of a transmit queue only (with mq, for the qdisc of
 * each queue), after the change, under the lock of the qdisc. A packet that finds an empty qdisc
 * with the right to bypass (pfifo, bfifo, fq_codel; not tbf) fires neither: it did not wait.
 */
#include "levitate.bpf.h"
#include "stamp.bpf.h"

/* struct Qdisc.flags: the backlog is kept per processor (pfifo_fast), so qstats is always 0. */
#define TCQ_F_CPUSTATS 0x20
/* A driver with byte queue limits takes packets in chains; of a longer one the rest is untimed. */
#define BULK_MAX 8

static inline_always void backlog_note(struct link_slot *slot, struct Qdisc *qdisc, u64 now)
{
	if (qdisc->flags & TCQ_F_CPUSTATS)
		return;
	u32 backlog = qdisc->qstats.backlog;

	slot->backlog_bytes = backlog;
	slot->backlog_packets = qdisc->q.qlen;
	slot->backlog_ns = now;
	if (backlog > slot->high_water_bytes)
		slot->high_water_bytes = backlog;
}

/* Arguments: qdisc, txq, skb. With GSO in tbf the skb is already freed here: it is not read. */
SEC("tp_btf/qdisc_enqueue")
int levitate_qdisc_enqueue(u64 *ctx)
{
	struct Qdisc *qdisc = (void *)ctx[0];
	struct netdev_queue *txq = (void *)ctx[1];
	u32 link = link_of(txq->dev);

	if (link == LINK_NONE)
		return 0;
	u64 now = egress_time(link);
	struct link_slot *slot = slot_of(link, now);

	if (!slot)
		return 0;
	slot->enqueued_packets += 1;
	backlog_note(slot, qdisc, now);
	return 0;
}

static inline_always u32 floor_log2(u32 value)
{
	u32 log = 0;

	if (value >= 1 << 16) {
		value >>= 16;
		log += 16;
	}
	if (value >= 1 << 8) {
		value >>= 8;
		log += 8;
	}
	if (value >= 1 << 4) {
		value >>= 4;
		log += 4;
	}
	if (value >= 1 << 2) {
		value >>= 2;
		log += 2;
	}
	return log + (value >> 1);
}

/* The bounds are in levitate.bpf.h. @param value the delay in units of 2^13 ns. */
static inline_always u32 sojourn_bucket(u32 value)
{
	if (value < 8)
		return value;
	u32 log = floor_log2(value);
	u32 bucket = (log - 2) * 8 + ((value >> (log - 3)) & 7);

	return bucket < SOJOURN_BUCKETS ? bucket : SOJOURN_BUCKETS - 1;
}

static inline_always void sojourn_note(struct sojourn_histogram *histogram, struct sk_buff *skb,
				       u32 link, u64 now)
{
	if (stamp_word(skb, STAMP_CHECK_WORD) != stamp_check(link))
		return;
	u32 delay = stamp_time(now) - stamp_word(skb, STAMP_TIME_WORD);
	u32 bucket = sojourn_bucket(delay >> (SOJOURN_UNIT_SHIFT - STAMP_TIME_SHIFT));

	/* The compiler knows the bound already; the verifier has to be shown it. */
	hide_from_compiler(bucket);
	if (bucket < SOJOURN_BUCKETS)
		histogram->counts[bucket] += 1;
}

/* Arguments: qdisc, txq, packets, skb. A throttled or empty qdisc gives no skb. */
SEC("tp_btf/qdisc_dequeue")
int levitate_qdisc_dequeue(u64 *ctx)
{
	struct Qdisc *qdisc = (void *)ctx[0];
	struct netdev_queue *txq = (void *)ctx[1];
	u32 packets = (u32)ctx[2];
	struct sk_buff *skb = (void *)ctx[3];

	if (!skb)
		return 0;
	u32 link = link_of(txq->dev);

	if (link == LINK_NONE)
		return 0;
	u64 now = bpf_ktime_get_ns();
	struct link_slot *slot = slot_of(link, now);
	struct sojourn_histogram *histogram = sojourn_of(link);

	if (!slot || !histogram)
		return 0;
	slot->dequeued_packets += packets;
	backlog_note(slot, qdisc, now);
	for (u32 i = 0; i < BULK_MAX; i++) {
		if (!skb || i >= packets)
			break;
		sojourn_note(histogram, skb, link, now);
		skb = skb->next;
	}
	return 0;
}
