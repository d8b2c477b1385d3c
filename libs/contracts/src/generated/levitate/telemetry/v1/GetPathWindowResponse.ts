// Original file: proto/levitate/telemetry/v1/telemetry.proto

import type { PathSampleInit as _levitate_telemetry_v1_PathSampleInit, PathSample as _levitate_telemetry_v1_PathSample } from '../../../levitate/telemetry/v1/PathSample.ts';

export interface GetPathWindowResponseInit {
  'samples'?: (_levitate_telemetry_v1_PathSampleInit)[];
}

export interface GetPathWindowResponse {
  'samples': (_levitate_telemetry_v1_PathSample)[];
}
