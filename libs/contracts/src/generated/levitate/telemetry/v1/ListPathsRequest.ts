// Original file: proto/levitate/telemetry/v1/telemetry.proto


export interface ListPathsRequestInit {
}

export interface ListPathsRequest {
}
