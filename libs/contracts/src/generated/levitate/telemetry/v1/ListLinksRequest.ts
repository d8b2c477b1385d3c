// Original file: proto/levitate/telemetry/v1/telemetry.proto


export interface ListLinksRequestInit {
}

export interface ListLinksRequest {
}
