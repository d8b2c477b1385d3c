import { Counter, Histogram, type Registry } from 'prom-client';

/** Which call is counted. */
export interface CallLabels {
  readonly grpc_type: 'unary' | 'server_stream';
  readonly grpc_service: string;
  readonly grpc_method: string;
}

/** Counts one call: started at once, handled by the function returned. */
export type CallMeter = (labels: CallLabels) => (code: string) => void;

/** Buckets from a millisecond to ten seconds; streams last longer and land in the last one. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const labelNames = ['grpc_type', 'grpc_service', 'grpc_method'] as const;

/**
 * The standard `grpc_server_*` or `grpc_client_*` metrics (names of go-grpc-prometheus). A
 * registry that has them already is shared, so several clients may count into one.
 */
export function callMeter(side: 'server' | 'client', registry: Registry | undefined): CallMeter {
  if (registry === undefined) return () => () => {};
  const started = once(registry, `grpc_${side}_started_total`, (name) => {
    const help = `Calls started on the ${side}.`;
    return new Counter({ name, help, labelNames, registers: [registry] });
  });
  const handled = once(registry, `grpc_${side}_handled_total`, (name) => {
    const help = `Calls completed on the ${side}, by status.`;
    return new Counter({
      name,
      help,
      labelNames: [...labelNames, 'grpc_code'],
      registers: [registry],
    });
  });
  const handling = once(registry, `grpc_${side}_handling_seconds`, (name) => {
    const help = `Time from the start of a call to its status on the ${side}.`;
    return new Histogram({ name, help, labelNames, buckets, registers: [registry] });
  });
  return (labels) => {
    started.inc({ ...labels });
    const stop = handling.startTimer({ ...labels });
    return (code) => {
      stop();
      handled.inc({ ...labels, grpc_code: code });
    };
  };
}

function once<Metric>(registry: Registry, name: string, make: (name: string) => Metric): Metric {
  return (registry.getSingleMetric(name) as Metric | undefined) ?? make(name);
}
