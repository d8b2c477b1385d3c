export { ApiProxy, type Tampering } from './api-proxy.ts';
export { type BalancerPolicy, type BalancerRun, playBalancerRun } from './balancer-run.ts';
export { type PlayOptions, playRequests } from './front-client.ts';
export { HaproxyLab, type LabServerSettings, type LabSettings } from './haproxy-lab.ts';
export { LabServer, type LabServerOptions } from './lab-server.ts';
export { type LaneSettings, type LaneTotals, playLane, type SpeedChange } from './lane.ts';
