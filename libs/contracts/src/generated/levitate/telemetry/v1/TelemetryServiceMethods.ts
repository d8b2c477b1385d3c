// Original file: proto/levitate/telemetry/v1/telemetry.proto

import type { ServerStream, Unary } from '../../../../service-contract.ts';
import type { GetPathWindowRequest, GetPathWindowRequestInit } from './GetPathWindowRequest.ts';
import type { GetPathWindowResponse, GetPathWindowResponseInit } from './GetPathWindowResponse.ts';
import type { GetWindowRequest, GetWindowRequestInit } from './GetWindowRequest.ts';
import type { GetWindowResponse, GetWindowResponseInit } from './GetWindowResponse.ts';
import type { ListLinksRequest, ListLinksRequestInit } from './ListLinksRequest.ts';
import type { ListLinksResponse, ListLinksResponseInit } from './ListLinksResponse.ts';
import type { ListPathsRequest, ListPathsRequestInit } from './ListPathsRequest.ts';
import type { ListPathsResponse, ListPathsResponseInit } from './ListPathsResponse.ts';
import type { PushPathSamplesRequest, PushPathSamplesRequestInit } from './PushPathSamplesRequest.ts';
import type { PushPathSamplesResponse, PushPathSamplesResponseInit } from './PushPathSamplesResponse.ts';
import type { PushSamplesRequest, PushSamplesRequestInit } from './PushSamplesRequest.ts';
import type { PushSamplesResponse, PushSamplesResponseInit } from './PushSamplesResponse.ts';
import type { StreamPathSamplesRequest, StreamPathSamplesRequestInit } from './StreamPathSamplesRequest.ts';
import type { StreamPathSamplesResponse, StreamPathSamplesResponseInit } from './StreamPathSamplesResponse.ts';
import type { StreamSamplesRequest, StreamSamplesRequestInit } from './StreamSamplesRequest.ts';
import type { StreamSamplesResponse, StreamSamplesResponseInit } from './StreamSamplesResponse.ts';

/** Every RPC of TelemetryService. */
export type TelemetryServiceMethods = {
  pushSamples: Unary<PushSamplesRequestInit, PushSamplesRequest, PushSamplesResponseInit, PushSamplesResponse>;
  getWindow: Unary<GetWindowRequestInit, GetWindowRequest, GetWindowResponseInit, GetWindowResponse>;
  streamSamples: ServerStream<StreamSamplesRequestInit, StreamSamplesRequest, StreamSamplesResponseInit, StreamSamplesResponse>;
  listLinks: Unary<ListLinksRequestInit, ListLinksRequest, ListLinksResponseInit, ListLinksResponse>;
  pushPathSamples: Unary<PushPathSamplesRequestInit, PushPathSamplesRequest, PushPathSamplesResponseInit, PushPathSamplesResponse>;
  getPathWindow: Unary<GetPathWindowRequestInit, GetPathWindowRequest, GetPathWindowResponseInit, GetPathWindowResponse>;
  streamPathSamples: ServerStream<StreamPathSamplesRequestInit, StreamPathSamplesRequest, StreamPathSamplesResponseInit, StreamPathSamplesResponse>;
  listPaths: Unary<ListPathsRequestInit, ListPathsRequest, ListPathsResponseInit, ListPathsResponse>;
};
