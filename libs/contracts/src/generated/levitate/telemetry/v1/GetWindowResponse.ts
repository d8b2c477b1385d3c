// Original file: proto/levitate/telemetry/v1/telemetry.proto

import type { SampleInit as _levitate_telemetry_v1_SampleInit, Sample as _levitate_telemetry_v1_Sample } from '../../../levitate/telemetry/v1/Sample.ts';

export interface GetWindowResponseInit {
  'samples'?: (_levitate_telemetry_v1_SampleInit)[];
}

export interface GetWindowResponse {
  'samples': (_levitate_telemetry_v1_Sample)[];
}
