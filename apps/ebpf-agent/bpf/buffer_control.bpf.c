// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * XDP on the ingress of a watched interface: counts packets, bytes and SYNs, finds microbursts
 * by inter-arrival time, and runs the virtual queue. Mode off counts only, monitor computes the
 * drop probability and passes everything, police drops by it and above the limit.
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

/* Not inlined: its type is how struct microburst_event comes into the BTF of the object. */
static __attribute__((noinline)) void microburst_describe(struct microburst_event *event,
							  const struct ingress_counters *counters,
							  u32 link, u32 flags)
{
	event->time_ns = counters->burst_start_ns;
	event->duration_ns = counters->last_packet_ns - counters->burst_start_ns;
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

/*
 * A run is a row of packets on one processor, each closer to the one before than the gap; it is
 * counted as a microburst when it reaches the threshold, and reported when it ends, which the
 * first packet after it shows.
 */
static inline_always void microburst_watch(struct ingress_counters *counters,
					   const struct link_config *config, u32 link, u64 now,
					   u32 bytes)
{
	u32 threshold = config->microburst_packets;

	if (config->microburst_gap_ns == 0 || threshold < 2)
		return;
	bool is_close = counters->burst_packets > 0 &&
			now - counters->last_packet_ns < config->microburst_gap_ns;
	bool is_long = now - counters->burst_start_ns > MICROBURST_NS_MAX;

	if (likely(is_close && !is_long)) {
		counters->burst_packets += 1;
		counters->burst_bytes += bytes;
		if (counters->burst_packets == threshold)
			counters->microbursts += 1;
		return;
	}
	if (counters->burst_packets >= threshold)
		microburst_report(counters, link, is_close ? MICROBURST_GOES_ON : 0);
	counters->burst_start_ns = now;
	counters->burst_packets = 1;
	counters->burst_bytes = bytes;
}

static inline_always int verdict_of(struct ingress_counters *counters,
				    const struct link_config *config, u32 link, u64 now, u32 bytes)
{
	u32 mode = config->mode;
	struct virtual_queue *queue = bpf_map_lookup_elem(&virtual_queue, &link);

	if (!queue)
		return XDP_PASS;
	u64 boundary = queue->next_update_ns;

	if (unlikely(now >= boundary))
		queue_step(queue, link, config->rate_bytes_per_second, now, boundary);
	enum queue_verdict verdict = queue_offer(queue, now, bytes, mode == LINK_MODE_POLICE);

	if (likely(verdict == QUEUE_ACCEPTED))
		return XDP_PASS;
	if (verdict == QUEUE_OVER_LIMIT) {
		counters->over_limit_packets += 1;
		counters->over_limit_bytes += bytes;
	}
	if (mode != LINK_MODE_POLICE)
		return XDP_PASS;
	counters->policed_packets += 1;
	counters->policed_bytes += bytes;
	return XDP_DROP;
}

/* Only a frame larger than a page has fragments, and only then the helper is worth its call. */
static inline_always u32 frame_bytes(struct xdp_md *ctx, struct xdp_buff *buff)
{
	if (unlikely(buff->flags & XDP_FLAGS_HAS_FRAGS))
		return (u32)bpf_xdp_get_buff_len(ctx);
	return ctx->data_end - ctx->data;
}

/* "frags": also attaches where frames are larger than a page. */
SEC("xdp.frags")
int xdp_buffer_control(struct xdp_md *ctx)
{
	/* Reading the clock waits for all loads under way, so it comes before any. */
	u64 now = bpf_ktime_get_ns();
	struct xdp_buff *buff = bpf_cast_to_kern_ctx(ctx);
	u32 link = link_of(buff->rxq->dev);

	if (link == LINK_NONE)
		return XDP_PASS;
	struct ingress_counters *counters = bpf_map_lookup_elem(&ingress_counters, &link);
	struct link_config *config = bpf_map_lookup_elem(&link_config_map, &link);

	if (!counters || !config)
		return XDP_PASS;
	u32 bytes = frame_bytes(ctx, buff);
	enum packet_kind kind = ethernet_kind((void *)(long)ctx->data, (void *)(long)ctx->data_end);

	counters->packets += 1;
	counters->bytes += bytes;
	if (kind == PACKET_SYN)
		counters->syns += 1;
	if (kind == PACKET_MALFORMED)
		counters->malformed_packets += 1;
	microburst_watch(counters, config, link, now, bytes);
	counters->last_packet_ns = now;
	if (config->mode == LINK_MODE_OFF || config->rate_bytes_per_second == 0)
		return XDP_PASS;
	return verdict_of(counters, config, link, now, bytes);
}
