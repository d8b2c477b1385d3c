export {
  realBpf,
  realBpfToolchain,
  realBpftool,
  realChromium,
  realHaproxy,
  realInflux,
  realKernelLab,
  realPrometheus,
  realRedis,
  realRoot,
} from './real-components.ts';
export { type RealComponent, requireReal } from './require-real.ts';
