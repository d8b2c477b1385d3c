/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What the programs need to know of the kernel, and no more: the few fields they read, the two
 * context structs of the BPF ABI, the helpers they call. Written out here instead of taken from
 * a generated vmlinux.h, linux/bpf.h and bpf_helpers.h, so that the bytes of the object depend
 * on the compiler alone and not on which headers a machine has installed.
 *
 * Structs marked CO_RE are matched by field name with the running kernel's BTF when the object
 * is loaded: order, size and the fields left out do not matter.
 */
#ifndef LEVITATE_KERNEL_TYPES_BPF_H
#define LEVITATE_KERNEL_TYPES_BPF_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef long long s64;
typedef _Bool bool;

#define true 1
#define false 0
#define NULL ((void *)0)

#define SEC(name) __attribute__((section(name), used))
#define inline_always inline __attribute__((always_inline))
#define CO_RE __attribute__((preserve_access_index))
#define likely(x) __builtin_expect(!!(x), 1)
/* Makes the compiler forget what it knows of a variable, so that it keeps the next check. */
#define hide_from_compiler(variable) __asm__ volatile("" : "+r"(variable))
#define unlikely(x) __builtin_expect(!!(x), 0)

/* The notation in which libbpf reads the definition of a map from BTF. */
#define __uint(name, value) int(*name)[value]
#define __type(name, value) typeof(value) *name

/* Enough of enum bpf_map_type (ABI). */
enum {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_HASH = 5,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_RINGBUF = 27,
};

enum { BPF_NOEXIST = 1 };
/* Of an array: its values can be mapped into memory. */
enum { BPF_F_MMAPABLE = 1 << 10 };
enum { BPF_RB_NO_WAKEUP = 1 };
enum { XDP_DROP = 1, XDP_PASS = 2 };
/* "Ask the next program of this hook": this one decides nothing. */
enum { TC_ACT_UNSPEC = -1 };

/* Helpers by number (ABI). */
static void *(*bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*bpf_map_update_elem)(void *map, const void *key, const void *value,
				   u64 flags) = (void *)2;
static u64 (*bpf_ktime_get_ns)(void) = (void *)5;
static u32 (*bpf_get_prandom_u32)(void) = (void *)7;
static u32 (*bpf_get_smp_processor_id)(void) = (void *)8;
static long (*bpf_probe_read_kernel)(void *to, u32 bytes, const void *from) = (void *)113;
static u64 (*bpf_jiffies64)(void) = (void *)118;
static void *(*bpf_ringbuf_reserve)(void *ring, u64 bytes, u64 flags) = (void *)131;
static void (*bpf_ringbuf_submit)(void *record, u64 flags) = (void *)132;

/* Context of an XDP program (ABI; the kernel rewrites each access). */
struct xdp_md {
	u32 data;
	u32 data_end;
	u32 data_meta;
	u32 ingress_ifindex;
	u32 rx_queue_index;
	u32 egress_ifindex;
};
static u64 (*bpf_xdp_get_buff_len)(struct xdp_md *ctx) = (void *)188;

/* Context of a tc program (ABI; the kernel rewrites each access). */
struct __sk_buff {
	u32 len;
	u32 pkt_type;
	u32 mark;
	u32 queue_mapping;
	u32 protocol;
	u32 vlan_present;
	u32 vlan_tci;
	u32 vlan_proto;
	u32 priority;
	u32 ingress_ifindex;
	u32 ifindex;
	u32 tc_index;
	u32 cb[5];
	u32 hash;
	u32 tc_classid;
	u32 data;
	u32 data_end;
	u32 napi_id;
	u32 family;
	u32 remote_ip4;
	u32 local_ip4;
	u32 remote_ip6[4];
	u32 local_ip6[4];
	u32 remote_port;
	u32 local_port;
	u32 data_meta;
	u64 flow_keys;
	u64 tstamp;
	u32 wire_len;
	u32 gso_segs;
	u64 sk;
	u32 gso_size;
};

/* The kernel's own object behind a context (a kfunc of Linux 6.2). */
extern void *bpf_cast_to_kern_ctx(void *ctx) __attribute__((section(".ksyms")));

struct ns_common {
	u32 inum;
} CO_RE;

struct net {
	struct ns_common ns;
} CO_RE;

typedef struct {
	struct net *net;
} CO_RE possible_net_t;

struct net_device {
	s32 ifindex;
	u16 type;
	possible_net_t nd_net;
} CO_RE;

struct xdp_rxq_info {
	struct net_device *dev;
} CO_RE;

struct xdp_buff {
	struct xdp_rxq_info *rxq;
	u32 flags;
} CO_RE;

struct sk_buff {
	struct sk_buff *next;
	struct net_device *dev;
	/* Aligned as it is there, else it would be read byte by byte. */
	char cb[48] __attribute__((aligned(8)));
	u32 len;
	u32 end; /* offset from head; skb_shared_info is there */
	unsigned char *head;
} CO_RE;

struct skb_shared_info {
	u16 gso_segs;
} CO_RE;

struct netdev_queue {
	struct net_device *dev;
} CO_RE;

struct bpf_map {
	u32 max_entries;
} CO_RE;

struct gnet_stats_queue {
	u32 backlog;
} CO_RE;

struct qdisc_skb_head {
	u32 qlen;
} CO_RE;

struct Qdisc {
	u32 flags;
	struct qdisc_skb_head q;
	struct gnet_stats_queue qstats;
} CO_RE;

/*
 * Values differ between kernels; only the names are relied on. A name the running kernel does
 * not have is skipped.
 */
enum skb_drop_reason {
	SKB_CONSUMED,
	SKB_DROP_REASON_QDISC_DROP,
	SKB_DROP_REASON_QDISC_OVERLIMIT,
	SKB_DROP_REASON_QDISC_CONGESTED,
	SKB_DROP_REASON_CAKE_FLOOD,
	SKB_DROP_REASON_FQ_BAND_LIMIT,
	SKB_DROP_REASON_FQ_HORIZON_LIMIT,
	SKB_DROP_REASON_FQ_FLOW_LIMIT,
};

/* The second argument of the builtin: 0 asks for existence, 1 for the value. */
#define enum_exists(type, name) __builtin_preserve_enum_value(*(typeof(type) *)name, 0)
#define enum_value(type, name) __builtin_preserve_enum_value(*(typeof(type) *)name, 1)

#endif
