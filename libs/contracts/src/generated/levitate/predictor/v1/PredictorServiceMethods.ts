// Original file: proto/levitate/predictor/v1/predictor.proto

import type { ServerStream, Unary } from '../../../../service-contract.ts';
import type { ForecastWindowRequest, ForecastWindowRequestInit } from './ForecastWindowRequest.ts';
import type { ForecastWindowResponse, ForecastWindowResponseInit } from './ForecastWindowResponse.ts';
import type { GetForecastRequest, GetForecastRequestInit } from './GetForecastRequest.ts';
import type { GetForecastResponse, GetForecastResponseInit } from './GetForecastResponse.ts';
import type { ListForecastersRequest, ListForecastersRequestInit } from './ListForecastersRequest.ts';
import type { ListForecastersResponse, ListForecastersResponseInit } from './ListForecastersResponse.ts';
import type { StreamForecastsRequest, StreamForecastsRequestInit } from './StreamForecastsRequest.ts';
import type { StreamForecastsResponse, StreamForecastsResponseInit } from './StreamForecastsResponse.ts';

/** Every RPC of PredictorService. */
export type PredictorServiceMethods = {
  streamForecasts: ServerStream<StreamForecastsRequestInit, StreamForecastsRequest, StreamForecastsResponseInit, StreamForecastsResponse>;
  getForecast: Unary<GetForecastRequestInit, GetForecastRequest, GetForecastResponseInit, GetForecastResponse>;
  forecastWindow: Unary<ForecastWindowRequestInit, ForecastWindowRequest, ForecastWindowResponseInit, ForecastWindowResponse>;
  listForecasters: Unary<ListForecastersRequestInit, ListForecastersRequest, ListForecastersResponseInit, ListForecastersResponse>;
};
