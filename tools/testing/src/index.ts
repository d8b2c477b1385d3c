export {
  realAiosmtpd,
  realAlertmanager,
  realBpf,
  realBpfToolchain,
  realBpftool,
  realChromium,
  realHaproxy,
  realInflux,
  realJolokia,
  realJvm,
  realKernelLab,
  realPgbouncer,
  realPrometheus,
  realRedis,
  realRoot,
} from './real-components.ts';
export { type RealComponent, requireReal } from './require-real.ts';
