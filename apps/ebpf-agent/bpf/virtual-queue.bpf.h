/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The virtual queue: a leaky bucket of depth max_size that would stand before the link. XDP has
 * no queue of its own, so this one is arithmetic: packets fill it, the clock drains it at the
 * rate of the link. A PID keeps it at 0.70 of its depth, and its output is a drop probability,
 * as in PIE (RFC 8033; a PI controller over delay there, a PID over occupancy here).
 *
 * The bucket is kept as the moment at which the link will have sent all of it ("virtual
 * scheduling", ITU-T I.371): nothing has to be drained, a packet is one compare-and-swap of one
 * word, and processors share the bucket without a lock. A spin lock was tried: 50 ns a packet on
 * the reference machine against 5. The level in bytes is (busy_until - now) * rate.
 */
#ifndef LEVITATE_VIRTUAL_QUEUE_BPF_H
#define LEVITATE_VIRTUAL_QUEUE_BPF_H

#include "levitate.bpf.h"

/* Time of the queue: 2^-6 ns, so that a short frame at 400 Gbit/s is still 82 ticks. */
#define TICK_SHIFT 6
#define TICKS_PER_SECOND (NS_PER_SECOND << TICK_SHIFT)
/* Ticks a byte are Q16. */
#define TICK_FRACTION 16
#define RATE_MIN 1000ULL
#define RATE_MAX (1ULL << 36)
#define MAX_SIZE_MAX (1ULL << 34)
/* 36 minutes; keeps products of the PID within 64 bits. */
#define LIMIT_TICKS_MAX (1ULL << 47)
/* 0.70 in Q16. */
#define SETPOINT 45875
#define PROBABILITY_ONE (1LL << 32)
/* After a silence longer than a second the integral moves by one second, not more. */
#define PID_STEPS_MAX 100
/* RFC 8033, section 4.1: with two packets or fewer in the queue nothing is dropped at random. */
#define RANDOM_DROP_BYTES_MIN (2 * 1514)
/* Other processors may win the swap as often; then the packet is added without looking. */
#define SWAPS_MAX 8

enum queue_verdict { QUEUE_ACCEPTED, QUEUE_DROPPED_AT_RANDOM, QUEUE_OVER_LIMIT };

static inline_always u64 bounded(u64 value, u64 low, u64 high)
{
	return value < low ? low : value > high ? high : value;
}

static inline_always s64 clamp(s64 value, s64 low, s64 high)
{
	return value < low ? low : value > high ? high : value;
}

/* This instruction set divides unsigned numbers only. Rounds towards zero. */
static inline_always s64 divide(s64 value, u32 by)
{
	return value < 0 ? -(s64)((u64)-value / by) : (s64)((u64)value / by);
}

/* Rate and depth as the packets need them, so that no packet divides. */
static inline_always void queue_configure(struct virtual_queue *queue, u64 rate, u64 max_size)
{
	u64 bytes = bounded(max_size, 0, MAX_SIZE_MAX);
	u64 ticks_per_byte =
		(TICKS_PER_SECOND << TICK_FRACTION) / bounded(rate, RATE_MIN, RATE_MAX);
	u64 bytes_max = (LIMIT_TICKS_MAX << TICK_FRACTION) / ticks_per_byte;
	u64 limit = bounded(bytes, 0, bytes_max) * ticks_per_byte >> TICK_FRACTION;

	queue->ticks_per_byte = ticks_per_byte;
	queue->limit_ticks = bounded(limit, 1, LIMIT_TICKS_MAX);
}

/*
 * One step of the PID in fixed point: gains and error are Q16.16, so their products are
 * probabilities with 2^32 as 1. Largest intermediate: kd * error * 100, below 2^56.
 *
 * Anti-windup: the integral stays within 0..1, and grows only while the output can still
 * follow. Steps that nobody was there to make (no packet) are made up for in one.
 */
static inline_always void queue_control(struct virtual_queue *queue,
					const struct buffer_config *config, u64 backlog_ticks,
					u32 steps, bool is_first)
{
	u64 backlog = bounded(backlog_ticks, 0, queue->limit_ticks);
	s64 error = (s64)((backlog << 16) / queue->limit_ticks) - SETPOINT;
	s64 change = is_first ? 0 : error - queue->last_error;
	s64 before = queue->integral;

	s64 proportional = (s64)config->kp * error;
	s64 derivative = divide((s64)config->kd * change * SLOTS_PER_SECOND, steps);
	s64 integral = before + divide((s64)config->ki * error * steps, SLOTS_PER_SECOND);
	s64 room = PROBABILITY_ONE - proportional;

	integral = clamp(integral, 0, room > before ? room : before);
	integral = clamp(integral, 0, PROBABILITY_ONE);

	queue->drop_probability =
		(u32)clamp(proportional + integral + derivative, 0, PROBABILITY_ONE - 1);
	queue->integral = integral;
	queue->last_error = (s32)error;
	queue->level_bytes = (backlog << TICK_FRACTION) / queue->ticks_per_byte;
	queue->updates += 1;
}

/*
 * Whoever moves the boundary on makes the step; nobody else can. Configuration is taken over
 * here, so a change of it holds from the next boundary on. A change of rate keeps the delay of
 * what is in the queue, not its bytes.
 */
static inline_always void queue_step(struct virtual_queue *queue, u32 link, u64 rate, u64 now,
				     u64 boundary)
{
	u64 next = (now / SLOT_NS + 1) * SLOT_NS;

	if (__sync_val_compare_and_swap(&queue->next_update_ns, boundary, next) != boundary)
		return;
	struct buffer_config *config = bpf_map_lookup_elem(&buffer_config_map, &link);

	if (!config)
		return;
	bool is_first = boundary == 0;
	u32 steps = is_first ? 1 : (u32)bounded(1 + (now - boundary) / SLOT_NS, 1, PID_STEPS_MAX);
	u64 busy_until = queue->busy_until_ticks;
	u64 ticks = now << TICK_SHIFT;

	queue_configure(queue, rate, config->max_size);
	queue_control(queue, config, busy_until > ticks ? busy_until - ticks : 0, steps, is_first);
}

/*
 * Puts one packet into the queue, or not.
 *
 * @param is_random whether the drop probability applies (police mode).
 */
static inline_always enum queue_verdict queue_offer(struct virtual_queue *queue, u64 now,
						    u32 bytes, bool is_random)
{
	u64 ticks = now << TICK_SHIFT;
	u64 service = bytes * queue->ticks_per_byte >> TICK_FRACTION;
	u64 limit = queue->limit_ticks;
	u32 probability = is_random ? queue->drop_probability : 0;
	u64 busy_until = queue->busy_until_ticks;

	if (probability != 0 && busy_until > ticks &&
	    busy_until - ticks > RANDOM_DROP_BYTES_MIN * queue->ticks_per_byte >> TICK_FRACTION &&
	    bpf_get_prandom_u32() < probability)
		return QUEUE_DROPPED_AT_RANDOM;

	for (u32 i = 0; i < SWAPS_MAX; i++) {
		u64 start = busy_until > ticks ? busy_until : ticks;
		u64 end = start + service;

		if (end - ticks > limit)
			return QUEUE_OVER_LIMIT;
		u64 found = __sync_val_compare_and_swap(&queue->busy_until_ticks, busy_until, end);

		if (likely(found == busy_until))
			return QUEUE_ACCEPTED;
		busy_until = found;
	}
	__sync_fetch_and_add(&queue->busy_until_ticks, service);
	return QUEUE_ACCEPTED;
}

#endif
