// Original file: proto/levitate/telemetry/v1/telemetry.proto

import type { ServerStream, Unary } from '../../../../service-contract.ts';
import type { GetWindowRequest, GetWindowRequestInit } from './GetWindowRequest.ts';
import type { GetWindowResponse, GetWindowResponseInit } from './GetWindowResponse.ts';
import type { ListLinksRequest, ListLinksRequestInit } from './ListLinksRequest.ts';
import type { ListLinksResponse, ListLinksResponseInit } from './ListLinksResponse.ts';
import type { PushSamplesRequest, PushSamplesRequestInit } from './PushSamplesRequest.ts';
import type { PushSamplesResponse, PushSamplesResponseInit } from './PushSamplesResponse.ts';
import type { StreamSamplesRequest, StreamSamplesRequestInit } from './StreamSamplesRequest.ts';
import type { StreamSamplesResponse, StreamSamplesResponseInit } from './StreamSamplesResponse.ts';

/** Every RPC of TelemetryService. */
export type TelemetryServiceMethods = {
  pushSamples: Unary<PushSamplesRequestInit, PushSamplesRequest, PushSamplesResponseInit, PushSamplesResponse>;
  getWindow: Unary<GetWindowRequestInit, GetWindowRequest, GetWindowResponseInit, GetWindowResponse>;
  streamSamples: ServerStream<StreamSamplesRequestInit, StreamSamplesRequest, StreamSamplesResponseInit, StreamSamplesResponse>;
  listLinks: Unary<ListLinksRequestInit, ListLinksRequest, ListLinksResponseInit, ListLinksResponse>;
};
