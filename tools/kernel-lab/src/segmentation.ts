import { AF_INET, addressOf, checked, libc, SOCK_CLOEXEC, SOCK_DGRAM } from './libc.ts';

const SIOCETHTOOL = 0x8946;
const ETHTOOL_STSO = 0x1f;
const ETHTOOL_SGRO = 0x2c;
const IFNAMSIZ = 16;

/**
 * Turn off TCP segmentation offload and receive merging on interfaces of the namespace that the
 * calling thread is in. With them on, one "packet" of a TCP flow at the bottleneck is up to 16 KB
 * and one drop in its counters is eleven packets. (The ethtool program is not on every host; its
 * ioctl is.)
 */
export function stopMergingPackets(interfaces: readonly string[]): void {
  const fd = checked(libc().socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), 'socket');
  try {
    for (const name of interfaces) {
      setFeature(fd, { name, command: ETHTOOL_STSO });
      setFeature(fd, { name, command: ETHTOOL_SGRO });
    }
  } finally {
    libc().close(fd);
  }
}

/** `struct ethtool_value { cmd, data }` behind `struct ifreq { name[16], data pointer }`. */
function setFeature(fd: number, feature: { name: string; command: number }): void {
  const value = Buffer.alloc(64);
  value.writeUInt32LE(feature.command, 0);
  const request = Buffer.alloc(64);
  request.write(feature.name, 0, IFNAMSIZ - 1, 'latin1');
  request.writeBigUInt64LE(addressOf(value), IFNAMSIZ);
  checked(libc().ioctl(fd, SIOCETHTOOL, request), `ethtool on ${feature.name}`);
}
