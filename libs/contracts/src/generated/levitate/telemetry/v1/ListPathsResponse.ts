// Original file: proto/levitate/telemetry/v1/telemetry.proto

import type { PathStatusInit as _levitate_telemetry_v1_PathStatusInit, PathStatus as _levitate_telemetry_v1_PathStatus } from '../../../levitate/telemetry/v1/PathStatus.ts';

export interface ListPathsResponseInit {
  'paths'?: (_levitate_telemetry_v1_PathStatusInit)[];
}

export interface ListPathsResponse {
  'paths': (_levitate_telemetry_v1_PathStatus)[];
}
