// Original file: proto/levitate/telemetry/v1/telemetry.proto

import type { LinkStatusInit as _levitate_telemetry_v1_LinkStatusInit, LinkStatus as _levitate_telemetry_v1_LinkStatus } from '../../../levitate/telemetry/v1/LinkStatus.ts';

export interface ListLinksResponseInit {
  'links'?: (_levitate_telemetry_v1_LinkStatusInit)[];
}

export interface ListLinksResponse {
  'links': (_levitate_telemetry_v1_LinkStatus)[];
}
