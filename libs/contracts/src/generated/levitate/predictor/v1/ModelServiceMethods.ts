// Original file: proto/levitate/predictor/v1/predictor.proto

import type { ServerStream, Unary } from '../../../../service-contract.ts';
import type { GetModelRequest, GetModelRequestInit } from './GetModelRequest.ts';
import type { GetModelResponse, GetModelResponseInit } from './GetModelResponse.ts';
import type { ListModelsRequest, ListModelsRequestInit } from './ListModelsRequest.ts';
import type { ListModelsResponse, ListModelsResponseInit } from './ListModelsResponse.ts';

/** Every RPC of ModelService. */
export type ModelServiceMethods = {
  listModels: Unary<ListModelsRequestInit, ListModelsRequest, ListModelsResponseInit, ListModelsResponse>;
  getModel: Unary<GetModelRequestInit, GetModelRequest, GetModelResponseInit, GetModelResponse>;
};
