import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireReal } from './require-real.ts';

/** The interpreter that Debian's packages are for, whatever else is first on the path. */
const debianPython = '/usr/bin/python3';

/** The user root on Linux: raw sockets, namespaces, `/proc` of other processes. */
export const realRoot = requireReal('root on Linux', rootMissing);

/** Debian's `redis-server` program; `path` is what to spawn. */
export const realRedis = Object.assign(
  requireReal('redis-server', () => found(['redis-server']) ?? install('redis-server')),
  { path: findProgram(['redis-server']) ?? 'redis-server' },
);

/** Debian's `prometheus` program; `path` is what to spawn. */
export const realPrometheus = Object.assign(
  requireReal('prometheus', () => found(['prometheus']) ?? install('prometheus')),
  { path: findProgram(['prometheus']) ?? 'prometheus' },
);

/** Debian's `bpftool`, which reads BPF objects and lists what is in the kernel. */
export const realBpftool = Object.assign(
  requireReal('bpftool', () => found(['bpftool']) ?? install('bpftool')),
  { path: findProgram(['bpftool']) ?? 'bpftool' },
);

/** Debian's InfluxDB 1.x; `path` is what to spawn. */
export const realInflux = Object.assign(
  requireReal('influxd', () => found(['influxd']) ?? install('influxdb')),
  { path: findProgram(['influxd']) ?? 'influxd' },
);

/** Debian's Alertmanager; `path` is what to spawn. */
export const realAlertmanager = Object.assign(
  requireReal(
    'prometheus-alertmanager',
    () => found(['prometheus-alertmanager']) ?? install('prometheus-alertmanager'),
  ),
  { path: findProgram(['prometheus-alertmanager']) ?? 'prometheus-alertmanager' },
);

/** The mail server of Debian's `python3-aiosmtpd`; `python` is the interpreter that has it. */
export const realAiosmtpd = Object.assign(
  requireReal('aiosmtpd', () => {
    if (!existsSync(debianPython)) return install('python3');
    return existsSync('/usr/lib/python3/dist-packages/aiosmtpd')
      ? true
      : install('python3-aiosmtpd');
  }),
  { python: debianPython },
);

/** Debian's `haproxy` program; `path` is what to spawn. */
export const realHaproxy = Object.assign(
  requireReal('haproxy', () => found(['haproxy']) ?? install('haproxy')),
  { path: findProgram(['haproxy']) ?? 'haproxy' },
);

/** Debian's PgBouncer before its PostgreSQL, both as an unprivileged user. */
export const realPgbouncer = requireReal('PgBouncer before PostgreSQL', () => {
  if (found(['pgbouncer']) !== true) return install('pgbouncer');
  const versions = [14, 15, 16, 17, 18].map((version) => `/usr/lib/postgresql/${version}/bin`);
  const isThere = versions.some((folder) => existsSync(join(folder, 'initdb')));
  if (!isThere && found(['initdb']) !== true) return install('postgresql');
  return found(['setpriv']) ?? install('util-linux');
});

/** A JDK: `java`, `javac` and `jcmd`. */
export const realJvm = requireReal('a JDK', jdkMissing);

const jolokiaJar = fileURLToPath(
  new URL('../../../.levitate/jolokia/jolokia-agent-jvm-javaagent.jar', import.meta.url),
);
/** A JDK, and the agent of Jolokia that `.ci/jolokia` fetches; `jar` is what to attach. */
export const realJolokia = Object.assign(
  requireReal('a JDK and the agent of Jolokia', () => {
    const jdk = jdkMissing();
    if (jdk !== true) return jdk;
    return existsSync(jolokiaJar) ? true : `${jolokiaJar} is not there; .ci/jolokia fetches it`;
  }),
  { jar: jolokiaJar },
);

const chromiumPrograms = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** A Chromium that playwright-core can drive; `path` is its `executablePath`. */
export const realChromium = Object.assign(
  requireReal('Chromium', () => found(chromiumPrograms) ?? install('chromium')),
  { path: findProgram(chromiumPrograms) ?? 'chromium' },
);

/** Root, `ip`, `tc`, koffi and the right to make network namespaces. */
export const realKernelLab = requireReal('a kernel lab', () => {
  const root = rootMissing();
  if (root !== true) return root;
  if (found(['ip']) !== true || found(['tc']) !== true) return install('iproute2');
  try {
    createRequire(import.meta.url)('koffi');
  } catch (cause) {
    return `koffi does not load here (${reasonOf(cause)}); npm ci brings it`;
  }
  return namespacesMissing();
});

/** A kernel lab with BPF: types of the kernel, libbpf, and `bpftool` to look from outside. */
export const realBpf = requireReal('BPF', () => {
  if (realKernelLab.missing !== undefined) return realKernelLab.missing;
  if (!existsSync('/sys/kernel/btf/vmlinux')) {
    return 'this kernel has no /sys/kernel/btf/vmlinux; CONFIG_DEBUG_INFO_BTF=y makes it';
  }
  try {
    createRequire(import.meta.url)('koffi').load('libbpf.so.1');
  } catch (cause) {
    return `libbpf does not load here (${reasonOf(cause)}); on Debian: apt-get install libbpf1`;
  }
  return found(['bpftool']) ?? install('bpftool');
});

/** BPF and what builds a program for it: clang and the headers of libbpf. */
export const realBpfToolchain = requireReal('a BPF toolchain', () => {
  if (realBpf.missing !== undefined) return realBpf.missing;
  if (!existsSync('/usr/include/bpf/bpf_helpers.h')) return install('libbpf-dev');
  return found(['clang']) ?? install('clang');
});

/** The first of `names` on the search path (the system folders included), else `undefined`. */
function findProgram(names: readonly string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/bin'];
  for (const name of names) {
    const folder = folders.find((each) => each !== '' && existsSync(join(each, name)));
    if (folder !== undefined) return join(folder, name);
  }
  return undefined;
}

function found(names: readonly string[]): true | undefined {
  return findProgram(names) === undefined ? undefined : true;
}

function jdkMissing(): true | string {
  const isThere = ['java', 'javac', 'jcmd'].every((each) => found([each]) === true);
  return isThere || install('default-jdk-headless');
}

function install(debianPackage: string): string {
  return `not installed; on Debian: apt-get install ${debianPackage}`;
}

function rootMissing(): true | string {
  if (process.platform !== 'linux') return `this is ${process.platform}, not Linux`;
  return process.getuid?.() === 0 ? true : 'this user is not root; run the tests as root';
}

function namespacesMissing(): true | string {
  const name = `lev-can-${process.pid}`;
  try {
    execFileSync('ip', ['netns', 'add', name], { stdio: 'pipe' });
    execFileSync('ip', ['netns', 'delete', name], { stdio: 'pipe' });
    return true;
  } catch (cause) {
    return `a network namespace cannot be made here (${reasonOf(cause)}); CAP_SYS_ADMIN is needed`;
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? (cause.message.trim().split('\n').at(-1) ?? '') : String(cause);
}
