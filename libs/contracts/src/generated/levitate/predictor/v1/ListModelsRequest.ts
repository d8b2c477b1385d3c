// Original file: proto/levitate/predictor/v1/predictor.proto


export interface ListModelsRequestInit {
}

export interface ListModelsRequest {
}
