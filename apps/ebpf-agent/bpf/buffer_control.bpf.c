// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * XDP on the ingress of a watched interface: counts packets, bytes and SYNs, finds microbursts
 * by inter-arrival time, and runs the virtual queue. Mode off counts only, monitor computes the
 * drop probability and passes everything, police drops by it and above the limit.
 *
 * Reading the clock is half of what a packet costs, and nothing is decided by the time where
 * everything passes. So unless the mode is police, packets of one processor and one jiffy are
 * taken together, timed_every at most, and the last of them is timed for all:
 * - a run goes on while a group of n takes less than n gaps: the mean gap counts, not each;
 * - the virtual queue is offered the bytes of a group at once, and late by what it took;
 * - packets, bytes, SYNs and malformed packets are counted one by one.
 * With timed_every of 1 a group is a packet, and all is exact.
 *
 * An interface nobody watches costs one failed look-up and passes.
 */
#include "levitate.bpf.h"
#include "packet.bpf.h"
#include "virtual-queue.bpf.h"

/* A run of packets that never pauses is reported in pieces of this length. */
#define MICROBURST_NS_MAX 100000000ULL
/* enum xdp_buff_flags */
#define XDP_FLAGS_HAS_FRAGS 1
/* Keeps the bytes of a group times the ticks of a byte within 64 bits. */
#define GROUP_PACKETS_MAX 8

/* Packets that are timed together. */
struct packet_group {
	u64 now; /* when the last one came */
	u32 packets;
	u32 bytes;
};

/* Not inlined: its type is how struct microburst_event comes into the BTF of the object. */
static __attribute__((noinline)) void microburst_describe(struct microburst_event *event,
							  const struct ingress_counters *counters,
							  u32 link, u32 flags)
{
	event->time_ns = counters->burst_start_ns;
	event->duration_ns = counters->timed_ns - counters->burst_start_ns;
	event->bytes = counters->burst_bytes;
	event->link = link;
	event->cpu = bpf_get_smp_processor_id();
	event->packets = counters->burst_packets;
	event->flags = flags;
}

static inline_always void microburst_report(struct ingress_counters *counters, u32 link, u32 flags)
{
	struct microburst_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		counters->events_lost += 1;
		return;
	}
	microburst_describe(event, counters, link, flags);
	/* The reader comes by its own clock; waking it costs more than the event. */
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

static inline_always bool is_watching_microbursts(const struct link_config *config)
{
	return config->microburst_gap_ns != 0 && config->microburst_packets >= 2;
}

/*
 * A run is a row of packets on one processor, each closer to the one before than the gap (in a
 * group: on the average); it is counted as a microburst when it reaches the threshold, and
 * reported when it ends, which the first packet after it shows. When those came that waited for
 * that one nobody knows: they are in no run.
 */
static inline_always void microburst_watch(struct ingress_counters *counters,
					   const struct link_config *config, u32 link,
					   const struct packet_group *group, u32 bytes)
{
	u32 threshold = config->microburst_packets;
	u32 before = counters->burst_packets;
	bool is_close = before > 0 && group->now - counters->timed_ns <
					      (u64)config->microburst_gap_ns * group->packets;
	bool is_long = group->now - counters->burst_start_ns > MICROBURST_NS_MAX;

	if (likely(is_close && !is_long)) {
		counters->burst_packets = before + group->packets;
		counters->burst_bytes += group->bytes;
		if (before < threshold && before + group->packets >= threshold)
			counters->microbursts += 1;
		return;
	}
	if (before >= threshold)
		microburst_report(counters, link, is_close ? MICROBURST_GOES_ON : 0);
	counters->burst_start_ns = group->now;
	counters->burst_packets = is_close ? group->packets : 1;
	counters->burst_bytes = is_close ? group->bytes : bytes;
}

static inline_always int verdict_of(struct ingress_counters *counters,
				    const struct link_config *config, u32 link,
				    const struct packet_group *group)
{
	u64 now = group->now;
	u32 mode = config->mode;
	struct virtual_queue *queue = bpf_map_lookup_elem(&virtual_queue, &link);

	if (!queue)
		return XDP_PASS;
	u64 boundary = queue->next_update_ns;

	if (unlikely(now >= boundary))
		queue_step(queue, link, config->rate_bytes_per_second, now, boundary);
	enum queue_verdict verdict =
		queue_offer(queue, now, group->bytes, mode == LINK_MODE_POLICE);

	if (likely(verdict == QUEUE_ACCEPTED))
		return XDP_PASS;
	if (verdict == QUEUE_OVER_LIMIT) {
		counters->over_limit_packets += group->packets;
		counters->over_limit_bytes += group->bytes;
	}
	if (mode != LINK_MODE_POLICE)
		return XDP_PASS;
	counters->policed_packets += group->packets;
	counters->policed_bytes += group->bytes;
	return XDP_DROP;
}

/*
 * A packet that police may drop is judged alone, what waited before the mode changed has passed.
 *
 * @return whether the group is whole, and has to be timed now.
 */
static inline_always bool group_add(struct ingress_counters *counters,
				    const struct link_config *config, u32 bytes,
				    struct packet_group *group)
{
	u32 jiffies = (u32)bpf_jiffies64();
	bool is_alone = config->mode == LINK_MODE_POLICE;

	group->packets = 1 + (is_alone ? 0 : counters->group_packets);
	group->bytes = bytes + (is_alone ? 0 : counters->group_bytes);
	if (!is_alone && group->packets < config->timed_every &&
	    group->packets < GROUP_PACKETS_MAX && jiffies == counters->timed_jiffies) {
		counters->group_packets = group->packets;
		counters->group_bytes = group->bytes;
		return false;
	}
	counters->group_packets = 0;
	counters->group_bytes = 0;
	counters->timed_jiffies = jiffies;
	return true;
}

/* Only a frame larger than a page has fragments, and only then the helper is worth its call. */
static inline_always u32 frame_bytes(struct xdp_md *ctx, struct xdp_buff *buff)
{
	if (unlikely(buff->flags & XDP_FLAGS_HAS_FRAGS))
		return (u32)bpf_xdp_get_buff_len(ctx);
	return ctx->data_end - ctx->data;
}

static inline_always void count(struct ingress_counters *counters, struct xdp_md *ctx, u32 bytes)
{
	enum packet_kind kind = ethernet_kind((void *)(long)ctx->data, (void *)(long)ctx->data_end);

	counters->packets += 1;
	counters->bytes += bytes;
	if (unlikely(kind == PACKET_SYN))
		counters->syns += 1;
	if (unlikely(kind == PACKET_MALFORMED))
		counters->malformed_packets += 1;
}

/* "frags": also attaches where frames are larger than a page. */
SEC("xdp.frags")
int xdp_buffer_control(struct xdp_md *ctx)
{
	struct xdp_buff *buff = bpf_cast_to_kern_ctx(ctx);
	u32 link = link_of(buff->rxq->dev);

	if (link == LINK_NONE)
		return XDP_PASS;
	struct ingress_counters *counters = bpf_map_lookup_elem(&ingress_counters, &link);
	struct link_config *config = bpf_map_lookup_elem(&link_config_map, &link);

	if (!counters || !config)
		return XDP_PASS;
	u32 bytes = frame_bytes(ctx, buff);
	bool has_queue = config->mode != LINK_MODE_OFF && config->rate_bytes_per_second != 0;
	struct packet_group group;

	count(counters, ctx, bytes);
	if (!has_queue && !is_watching_microbursts(config))
		return XDP_PASS;
	if (!group_add(counters, config, bytes, &group))
		return XDP_PASS;
	group.now = bpf_ktime_get_ns();
	if (is_watching_microbursts(config))
		microburst_watch(counters, config, link, &group, bytes);
	counters->timed_ns = group.now;
	return has_queue ? verdict_of(counters, config, link, &group) : XDP_PASS;
}
