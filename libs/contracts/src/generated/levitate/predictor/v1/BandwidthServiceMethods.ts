// Original file: proto/levitate/predictor/v1/predictor.proto

import type { ServerStream, Unary } from '../../../../service-contract.ts';
import type { ForecastBandwidthRequest, ForecastBandwidthRequestInit } from './ForecastBandwidthRequest.ts';
import type { ForecastBandwidthResponse, ForecastBandwidthResponseInit } from './ForecastBandwidthResponse.ts';
import type { GetBandwidthRequest, GetBandwidthRequestInit } from './GetBandwidthRequest.ts';
import type { GetBandwidthResponse, GetBandwidthResponseInit } from './GetBandwidthResponse.ts';
import type { StreamBandwidthRequest, StreamBandwidthRequestInit } from './StreamBandwidthRequest.ts';
import type { StreamBandwidthResponse, StreamBandwidthResponseInit } from './StreamBandwidthResponse.ts';

/** Every RPC of BandwidthService. */
export type BandwidthServiceMethods = {
  streamBandwidth: ServerStream<StreamBandwidthRequestInit, StreamBandwidthRequest, StreamBandwidthResponseInit, StreamBandwidthResponse>;
  getBandwidth: Unary<GetBandwidthRequestInit, GetBandwidthRequest, GetBandwidthResponseInit, GetBandwidthResponse>;
  forecastBandwidth: Unary<ForecastBandwidthRequestInit, ForecastBandwidthRequest, ForecastBandwidthResponseInit, ForecastBandwidthResponse>;
};
