/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The maps of the agent and what is in them: the only truth about layouts. User space checks
 * its own constants against the BTF of the object.
 *
 * A link is a small number that the loader gives to a watched interface. Time is
 * bpf_ktime_get_ns: CLOCK_MONOTONIC, nanoseconds. Bytes are those of the frame (Ethernet header
 * in, checksum and preamble out); on egress those of the frames a GSO packet becomes.
 */
#ifndef LEVITATE_BPF_H
#define LEVITATE_BPF_H

#include "kernel-types.bpf.h"

#define NS_PER_SECOND 1000000000ULL
/* A slot is 10 ms, and so is the period of the PID. */
#define SLOT_NS 10000000ULL
#define SLOTS_PER_SECOND 100
/* 320 ms of history: a reader at 10 Hz may be 200 ms late and loses nothing. */
#define SLOTS_PER_LINK 32
/* Of which something is remembered from packet to packet; those above do without. */
#define PROCESSORS_MAX 128
/* The loader sets the real number before it loads; this is the default. */
#define LINKS_DEFAULT 64

/* An interface number repeats across network namespaces, so both make the key. */
struct link_key {
	u32 netns_inum;
	u32 ifindex;
};

/*
 * What one processor saw leave through a link within 10 ms. The ring of a link is
 * slot_id % SLOTS_PER_LINK; whoever writes first into an old slot empties it. The reader keeps
 * closed slots (slot_id below that of now) and writes nothing back. Of each processor the slots of
 * one time lie side by side, link after link.
 */
struct link_slot {
	u64 bytes;
	u64 dropped_bytes; /* by the qdisc alone */
	u64 backlog_ns; /* when the backlog was looked at */
	u32 slot_id; /* ns / SLOT_NS, the low half */
	u32 packets;
	u32 syns;
	u32 dropped_packets;
	u32 high_water_bytes;
	u32 backlog_bytes; /* of the qdisc, as last seen by this processor */
	u32 backlog_packets;
	u32 enqueued_packets; /* a packet that bypasses an empty qdisc is in neither count */
	u32 dequeued_packets;
	u32 pad; /* 64 bytes: one cache line, and the loader's values are multiples of 8 */
};

/*
 * Queueing delay, log-linear, eight buckets an octave. Unit 2^13 ns = 8.192 us; v = delay >> 13.
 * v < 8: bucket v. Else, with e = floor(log2 v): bucket (e - 2) * 8 + ((v >> (e - 3)) & 7). The
 * last bucket begins at 2.01 s and holds everything above. Counts wrap at 2^32.
 */
#define SOJOURN_UNIT_SHIFT 13
#define SOJOURN_BUCKETS 128

struct sojourn_histogram {
	u32 counts[SOJOURN_BUCKETS];
};

struct drop_key {
	u32 link;
	u32 reason; /* enum skb_drop_reason of the running kernel */
};

struct drop_count {
	u64 packets;
	u64 bytes;
};

/*
 * What one processor saw arrive on a link; all but the group and the burst in progress only
 * grows. What every packet touches comes first.
 */
struct ingress_counters {
	u64 packets;
	u64 bytes;
	u32 group_packets; /* since the clock was last read, see link_config.timed_every */
	u32 group_bytes;
	u32 timed_jiffies; /* when that was, the low half */
	u32 burst_packets;
	u64 timed_ns; /* when that was; 0 where nothing of the link needs the time */
	u64 burst_start_ns;
	u64 burst_bytes;
	u64 syns;
	u64 microbursts; /* counted when a run reaches its threshold */
	u64 policed_packets; /* dropped by the police mode, for either reason */
	u64 policed_bytes;
	u64 over_limit_packets; /* found no room in the virtual queue; in monitor mode too */
	u64 over_limit_bytes;
	u64 malformed_packets; /* shorter than their headers say; they pass */
	u64 events_lost; /* the ring buffer was full */
};

/* Written by user space, field by field aligned, so a program never reads half a number. */
struct buffer_config {
	u64 max_size; /* bytes, the depth of the virtual queue; above 16 GiB counts as 16 GiB */
	u32 kp; /* Q16.16: probability per unit of error */
	u32 ki; /* Q16.16: probability per unit of error and second */
	u32 kd; /* Q16.16: probability per unit of error per second */
	u32 pad;
};

enum link_mode {
	LINK_MODE_OFF = 0, /* counters only */
	LINK_MODE_MONITOR = 1, /* the virtual queue runs, everything passes */
	LINK_MODE_POLICE = 2, /* its verdicts hold */
};

struct link_config {
	u64 rate_bytes_per_second; /* 1,000 to 2^36 (550 Gbit/s), others count so; 0: no queue */
	u32 mode;
	u32 microburst_gap_ns; /* packets closer than this make a run; 0: no detection */
	u32 microburst_packets; /* that many in a run make a microburst; below 2: no detection */
	u32 timed_every; /* the clock is read for one packet in so many; police: for each */
};

/*
 * One for all processors, all zero at first; virtual-queue.bpf.h says how it works. A tick is
 * 2^-6 ns of the clock. Level in bytes = (busy_until_ticks - now * 64) * 2^16 / ticks_per_byte.
 */
struct virtual_queue {
	u32 updates;
	u32 drop_probability; /* 2^32 - 1 is certainty */
	u64 level_bytes; /* at the last update */
	u64 busy_until_ticks; /* when the link will have sent all that was let in */
	u64 next_update_ns; /* the first packet from then on makes a step of the PID */
	u64 ticks_per_byte; /* Q16, taken over from the rate at each step */
	u64 limit_ticks; /* the time the link needs for max_size bytes; as above */
	s64 integral; /* 2^32 is probability 1 */
	s32 last_error; /* Q16: level / max_size - 0.70 */
	u32 pad;
};

enum { MICROBURST_GOES_ON = 1 };

struct microburst_event {
	u64 time_ns; /* of the first packet */
	u64 duration_ns; /* first to last packet */
	u64 bytes;
	u32 link;
	u32 cpu;
	u32 packets;
	u32 flags; /* MICROBURST_GOES_ON: cut for its length, the next event continues it */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct link_key);
	__type(value, u32);
} link_index SEC(".maps");

/*
 * What is read ten times a second of every link is memory that user space reads without a call
 * into the kernel, which no per-processor map can be: each processor has its own part of an array
 * instead. The sizes below are for one processor; the loader sets those of the machine.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, LINKS_DEFAULT * SLOTS_PER_LINK);
	__type(key, u32);
	__type(value, struct link_slot);
} link_slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, LINKS_DEFAULT);
	__type(key, u32);
	__type(value, struct sojourn_histogram);
} sojourn_histogram SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct drop_key);
	__type(value, struct drop_count);
} drop_reasons SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, LINKS_DEFAULT);
	__type(key, u32);
	__type(value, struct ingress_counters);
} ingress_counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LINKS_DEFAULT);
	__type(key, u32);
	__type(value, struct buffer_config);
} buffer_config_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LINKS_DEFAULT);
	__type(key, u32);
	__type(value, struct link_config);
} link_config_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LINKS_DEFAULT);
	__type(key, u32);
	__type(value, struct virtual_queue);
} virtual_queue SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

/*
 * The answers of link_index by the address of the device, for as long as LINK_CACHE_JIFFIES: a
 * packet costs one cache line instead of a hash (5 ns against 30 on the reference machine). A
 * link that is taken out or given to another interface is believed that much longer, and a new
 * one seen that much later. Each processor has its own part and uses it in softirq only: nobody
 * sees half an entry. A plain array and not a per-processor map, which costs a pointer more.
 */
#define LINK_CACHE_ENTRIES 256
#define LINK_CACHE_SHIFT 24 /* the upper 8 of 32 bits */
/* 25 to 250 ms, by the kernel's HZ (1,000 to 100). */
#define LINK_CACHE_JIFFIES 25
#define LINK_NONE ~0U

struct link_cache_entry {
	struct net_device *dev;
	u32 link; /* LINK_NONE: nobody watches it */
	u32 filled; /* jiffies, the low half */
};

struct link_cache_entry link_cache[PROCESSORS_MAX][LINK_CACHE_ENTRIES];

static inline_always u32 link_of_key(const struct link_key *key)
{
	u32 *link = bpf_map_lookup_elem(&link_index, key);

	return link ? *link : LINK_NONE;
}

static inline_always struct link_key link_key_of(struct net_device *dev)
{
	struct link_key key = {
		.netns_inum = dev->nd_net.net->ns.inum,
		.ifindex = dev->ifindex,
	};

	return key;
}

/* Of the lower half, multiplied with 2^32 over the golden ratio (Knuth, volume 3, 6.4). */
static inline_always u32 address_hash(const void *address)
{
	u32 low = (u32)(unsigned long)address;

	/* A 32-bit move makes a number of it; the verifier lets nobody calculate with pointers. */
	__asm__ volatile("%0 = %0" : "+w"(low));
	return low * 2654435769U;
}

/* @return the link of a device, LINK_NONE when nobody watches it. For softirq context. */
static inline_always u32 link_of(struct net_device *dev)
{
	u32 processor = bpf_get_smp_processor_id();
	struct link_cache_entry *entry =
		&link_cache[processor % PROCESSORS_MAX][address_hash(dev) >> LINK_CACHE_SHIFT];
	u32 jiffies = (u32)bpf_jiffies64();

	if (likely(entry->dev == dev && jiffies - entry->filled < LINK_CACHE_JIFFIES &&
		   processor < PROCESSORS_MAX))
		return entry->link;
	struct link_key key = link_key_of(dev);
	u32 link = link_of_key(&key);

	if (processor < PROCESSORS_MAX) {
		entry->dev = dev;
		entry->link = link;
		entry->filled = jiffies;
	}
	return link;
}

/* As the loader has sized the maps that have one entry a link. */
static inline_always u32 links_of_maps(void)
{
	return ((struct bpf_map *)&link_config_map)->max_entries;
}

/* @return the delays of a link on this processor. For softirq context, or with it off. */
static inline_always struct sojourn_histogram *sojourn_of(u32 link)
{
	u32 index = bpf_get_smp_processor_id() * links_of_maps() + link;

	return bpf_map_lookup_elem(&sojourn_histogram, &index);
}

/* @return this processor's slot of the moment, emptied if it held an older one. */
static inline_always struct link_slot *slot_of(u32 link, u64 now)
{
	u32 slot_id = (u32)(now / SLOT_NS);
	u32 row = bpf_get_smp_processor_id() * SLOTS_PER_LINK + slot_id % SLOTS_PER_LINK;
	u32 index = row * links_of_maps() + link;
	struct link_slot *slot = bpf_map_lookup_elem(&link_slots, &index);

	if (slot && slot->slot_id != slot_id) {
		__builtin_memset(slot, 0, sizeof(*slot));
		slot->slot_id = slot_id;
	}
	return slot;
}

#endif
