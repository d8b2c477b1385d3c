/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The virtual queue: a leaky bucket of depth max_size that would stand before the link. XDP has
 * no queue of its own, so this one is arithmetic: packets fill it, the clock drains it at the
 * rate of the link whenever somebody looks. A PID keeps it at 0.70 of its depth, and its output
 * is a drop probability, as in PIE (RFC 8033; a PI controller over delay there, a PID over
 * occupancy here). No helper may be called under the spin lock: everything below is arithmetic.
 */
#ifndef LEVITATE_VIRTUAL_QUEUE_BPF_H
#define LEVITATE_VIRTUAL_QUEUE_BPF_H

#include "levitate.bpf.h"

#define MAX_SIZE_LIMIT (1ULL << 34)
#define RATE_LIMIT (1ULL << 36)
/* 2^36 bytes/s * 2.5 * 10^8 ns still fits into 64 bits. */
#define DRAIN_STEP_NS 250000000ULL
/* 0.70 in Q16. */
#define SETPOINT 45875
#define PROBABILITY_ONE (1LL << 32)
/* After a silence longer than a second the integral moves by one second, not more. */
#define PID_STEPS_MAX 100
/* RFC 8033, section 4.1: with two packets or fewer in the queue nothing is dropped at random. */
#define RANDOM_DROP_LEVEL_MIN (2 * 1514 * NS_PER_SECOND)

enum queue_verdict { QUEUE_ACCEPTED, QUEUE_DROPPED_AT_RANDOM, QUEUE_OVER_LIMIT };

static inline_always void queue_drain(struct virtual_queue *queue, u64 rate, u64 now)
{
	/* Two processors read the clock before the lock, in either order. */
	if (now <= queue->last_ns)
		return;
	u64 elapsed = now - queue->last_ns;
	u64 level = queue->level_nanobytes;

	queue->last_ns = now;
	if (unlikely(elapsed > DRAIN_STEP_NS)) {
		u64 steps = elapsed / DRAIN_STEP_NS;
		u64 drained_a_step = rate * DRAIN_STEP_NS;

		if (steps > level / drained_a_step)
			level = 0;
		else
			level -= steps * drained_a_step;
		elapsed %= DRAIN_STEP_NS;
	}
	u64 drained = rate * elapsed;

	queue->level_nanobytes = level > drained ? level - drained : 0;
}

/* This instruction set divides unsigned numbers only. Rounds towards zero. */
static inline_always s64 divide(s64 value, u32 by)
{
	return value < 0 ? -(s64)((u64)-value / by) : (s64)((u64)value / by);
}

static inline_always s64 clamp(s64 value, s64 low, s64 high)
{
	return value < low ? low : value > high ? high : value;
}

/*
 * One step of the PID in fixed point: gains and error are Q16.16, so their products are
 * probabilities with 2^32 as 1. Largest intermediate: kd * error * 100, below 2^56.
 *
 * Anti-windup: the integral stays within 0..1, and grows only while the output can still
 * follow. Steps that nobody was there to make (no packet) are made up for in one.
 */
static inline_always void queue_control(struct virtual_queue *queue,
					const struct buffer_config *config, u64 max_size, u64 slot)
{
	bool is_first = queue->last_update_slot == 0;
	u64 behind = slot - queue->last_update_slot;
	u32 steps = is_first ? 1 : behind > PID_STEPS_MAX ? PID_STEPS_MAX : (u32)behind;
	u64 level = queue->level_nanobytes / NS_PER_SECOND;
	s64 error = (s64)((level << 16) / max_size) - SETPOINT;
	s64 change = is_first ? 0 : error - queue->last_error;

	s64 proportional = (s64)config->kp * error;
	s64 derivative = divide((s64)config->kd * change * SLOTS_PER_SECOND, steps);
	s64 integral = queue->integral + divide((s64)config->ki * error * steps, SLOTS_PER_SECOND);
	s64 room = PROBABILITY_ONE - proportional;

	integral = clamp(integral, 0, room > queue->integral ? room : queue->integral);
	integral = clamp(integral, 0, PROBABILITY_ONE);

	queue->drop_probability =
		(u32)clamp(proportional + integral + derivative, 0, PROBABILITY_ONE - 1);
	queue->integral = integral;
	queue->last_error = (s32)error;
	queue->last_update_slot = slot;
	queue->level_at_update = level;
	queue->updates += 1;
}

/*
 * Puts one packet into the queue, or not.
 *
 * @param is_random whether the drop probability applies (police mode).
 */
static inline_always enum queue_verdict queue_offer(struct virtual_queue *queue,
						    const struct buffer_config *config, u64 rate,
						    u64 now, u32 bytes, bool is_random)
{
	u64 max_size = config->max_size < MAX_SIZE_LIMIT ? config->max_size : MAX_SIZE_LIMIT;
	u64 packet = bytes * NS_PER_SECOND;
	u64 slot = now / SLOT_NS;
	u32 dice = ~0U;
	enum queue_verdict verdict = QUEUE_ACCEPTED;

	if (max_size == 0)
		return QUEUE_ACCEPTED;
	if (rate > RATE_LIMIT)
		rate = RATE_LIMIT;
	if (is_random && queue->drop_probability != 0)
		dice = bpf_get_prandom_u32();

	bpf_spin_lock(&queue->lock);
	queue_drain(queue, rate, now);
	if (slot > queue->last_update_slot)
		queue_control(queue, config, max_size, slot);
	if (queue->level_nanobytes + packet > max_size * NS_PER_SECOND)
		verdict = QUEUE_OVER_LIMIT;
	else if (dice < queue->drop_probability && queue->level_nanobytes > RANDOM_DROP_LEVEL_MIN)
		verdict = QUEUE_DROPPED_AT_RANDOM;
	else
		queue->level_nanobytes += packet;
	bpf_spin_unlock(&queue->lock);
	return verdict;
}

#endif
