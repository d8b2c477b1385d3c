// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// The smallest object that has every kind of map and hook the loader knows. Only for its tests.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct counter {
	__u32 packets;
	__u32 more[2]; // 12 bytes of value: a lookup must round up to 16 for each CPU.
};

struct event {
	__u64 time_ns;
	__u32 bytes;
	__u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct counter);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} settings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 700);
	__type(key, __u32);
	__type(value, __u32[3]);
} shared SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u64);
	__type(value, __u32);
} places SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 8);
	__type(key, __u64);
	__type(value, __u64);
} reasons SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

// 64 KiB an entry: sized up it is more than any machine has.
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__uint(value_size, 65536);
} large SEC(".maps");

static __always_inline void count(__u32 key)
{
	struct counter *counter = bpf_map_lookup_elem(&counters, &key);

	if (counter)
		counter->packets += 1;
}

// Verdict: setting 0 when it is not 0, else pass.
SEC("xdp")
int tiny_xdp(struct xdp_md *context)
{
	__u32 key = 0;
	void *data = (void *)(long)context->data;
	void *data_end = (void *)(long)context->data_end;
	__u64 *verdict = bpf_map_lookup_elem(&settings, &key);
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	count(0);
	if (event) {
		event->time_ns = bpf_ktime_get_ns();
		event->bytes = data_end - data;
		event->pad = 0;
		// A first byte of 0xff asks for a record that is given up.
		if (data + 1 <= data_end && *(__u8 *)data == 0xff)
			bpf_ringbuf_discard(event, 0);
		else
			bpf_ringbuf_submit(event, 0);
	} else {
		count(3);
	}
	return verdict && *verdict ? *verdict : XDP_PASS;
}

SEC("tc")
int tiny_egress(struct __sk_buff *packet)
{
	count(1);
	return -1; // TC_ACT_UNSPEC: those after it run too.
}

SEC("tp_btf/kfree_skb")
int tiny_drops(void *context)
{
	count(2);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
