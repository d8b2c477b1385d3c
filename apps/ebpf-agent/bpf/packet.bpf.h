/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Is a packet a SYN? Ethernet, up to two VLAN tags, IPv4 and IPv6 with up to four extension
 * headers. Every step is bounded and checked against the end of the linear data.
 */
#ifndef LEVITATE_PACKET_BPF_H
#define LEVITATE_PACKET_BPF_H

#include "kernel-types.bpf.h"

enum packet_kind { PACKET_OTHER, PACKET_SYN, PACKET_MALFORMED };

/* Numbers of the wire, in the byte order of the wire as a little-endian machine loads it. */
#define ETHERTYPE_IPV4 0x0008
#define ETHERTYPE_IPV6 0xdd86
#define ETHERTYPE_VLAN 0x0081 /* 802.1Q */
#define ETHERTYPE_QINQ 0xa888 /* 802.1ad */

#define ETHERNET_HEADER_BYTES 14
#define VLAN_TAG_BYTES 4
#define VLAN_TAGS_MAX 2
#define IPV4_HEADER_BYTES_MIN 20
#define IPV6_HEADER_BYTES 40
#define IPV6_EXTENSIONS_MAX 4
#define TCP_HEADER_BYTES_MIN 20
#define TCP_FLAGS_OFFSET 13
#define TCP_SYN 0x02
#define TCP_ACK 0x10

#define PROTOCOL_HOP_BY_HOP 0
#define PROTOCOL_TCP 6
#define PROTOCOL_ROUTING 43
#define PROTOCOL_FRAGMENT 44
#define PROTOCOL_AUTHENTICATION 51
#define PROTOCOL_DESTINATION 60

static inline_always enum packet_kind tcp_kind(u8 *tcp, void *end)
{
	if ((void *)(tcp + TCP_HEADER_BYTES_MIN) > end)
		return PACKET_MALFORMED;
	u8 flags = tcp[TCP_FLAGS_OFFSET] & (TCP_SYN | TCP_ACK);

	/* The answer, SYN with ACK, opens nothing new. */
	return flags == TCP_SYN ? PACKET_SYN : PACKET_OTHER;
}

/* RFC 791. */
static inline_always enum packet_kind ipv4_kind(u8 *ip, void *end)
{
	if ((void *)(ip + IPV4_HEADER_BYTES_MIN) > end || (ip[0] >> 4) != 4)
		return PACKET_MALFORMED;
	u32 header_bytes = (ip[0] & 0xf) * 4;
	u32 total_bytes = ip[2] << 8 | ip[3];

	if (header_bytes < IPV4_HEADER_BYTES_MIN || total_bytes < header_bytes)
		return PACKET_MALFORMED;
	/* A later fragment has no TCP header. */
	if (ip[9] != PROTOCOL_TCP || (ip[6] & 0x1f) != 0 || ip[7] != 0)
		return PACKET_OTHER;
	return tcp_kind(ip + header_bytes, end);
}

/* RFC 8200, section 4. */
static inline_always enum packet_kind ipv6_kind(u8 *ip, void *end)
{
	if ((void *)(ip + IPV6_HEADER_BYTES) > end || (ip[0] >> 4) != 6)
		return PACKET_MALFORMED;
	u8 protocol = ip[6];
	u8 *next = ip + IPV6_HEADER_BYTES;

#pragma unroll
	for (int i = 0; i < IPV6_EXTENSIONS_MAX; i++) {
		if (protocol == PROTOCOL_TCP)
			return tcp_kind(next, end);
		if (protocol != PROTOCOL_HOP_BY_HOP && protocol != PROTOCOL_ROUTING &&
		    protocol != PROTOCOL_DESTINATION && protocol != PROTOCOL_FRAGMENT &&
		    protocol != PROTOCOL_AUTHENTICATION)
			return PACKET_OTHER;
		if ((void *)(next + 8) > end)
			return PACKET_MALFORMED;
		u32 extension_bytes = (next[1] + 1) * 8;

		if (protocol == PROTOCOL_FRAGMENT) {
			if (next[2] != 0 || (next[3] & 0xf8) != 0)
				return PACKET_OTHER;
			extension_bytes = 8;
		}
		if (protocol == PROTOCOL_AUTHENTICATION)
			extension_bytes = (next[1] + 2) * 4;
		protocol = next[0];
		next += extension_bytes;
	}
	return protocol == PROTOCOL_TCP ? tcp_kind(next, end) : PACKET_OTHER;
}

static inline_always enum packet_kind network_kind(u8 *network, void *end, u16 ethertype)
{
	if (ethertype == ETHERTYPE_IPV4)
		return ipv4_kind(network, end);
	if (ethertype == ETHERTYPE_IPV6)
		return ipv6_kind(network, end);
	return PACKET_OTHER;
}

static inline_always enum packet_kind ethernet_kind(u8 *frame, void *end)
{
	u8 *network = frame + ETHERNET_HEADER_BYTES;

	if ((void *)network > end)
		return PACKET_MALFORMED;
	u16 ethertype = *(u16 *)(network - 2);

#pragma unroll
	for (int i = 0; i < VLAN_TAGS_MAX; i++) {
		if (ethertype != ETHERTYPE_VLAN && ethertype != ETHERTYPE_QINQ)
			break;
		network += VLAN_TAG_BYTES;
		if ((void *)network > end)
			return PACKET_MALFORMED;
		ethertype = *(u16 *)(network - 2);
	}
	return network_kind(network, end, ethertype);
}

#endif
