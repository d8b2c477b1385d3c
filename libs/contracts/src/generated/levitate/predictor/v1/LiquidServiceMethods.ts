// Original file: proto/levitate/predictor/v1/predictor.proto

import type { ServerStream, Unary } from '../../../../service-contract.ts';
import type { InferLiquidRequest, InferLiquidRequestInit } from './InferLiquidRequest.ts';
import type { InferLiquidResponse, InferLiquidResponseInit } from './InferLiquidResponse.ts';

/** Every RPC of LiquidService. */
export type LiquidServiceMethods = {
  inferLiquid: Unary<InferLiquidRequestInit, InferLiquidRequest, InferLiquidResponseInit, InferLiquidResponse>;
};
