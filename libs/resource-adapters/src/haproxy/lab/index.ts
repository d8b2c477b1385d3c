export { ApiProxy, type Tampering } from './api-proxy.ts';
export { HaproxyLab, type LabServerSettings, type LabSettings } from './haproxy-lab.ts';
export { giveUpMs, LabServer, type LabServerOptions } from './lab-server.ts';
export { type LaneSettings, type LaneTotals, playLane, type SpeedChange } from './lane.ts';
export { type Arrivals, type Outcome, playArrivals, poissonArrivals } from './open-loop.ts';
