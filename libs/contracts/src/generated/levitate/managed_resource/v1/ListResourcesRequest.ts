// Original file: proto/levitate/managed_resource/v1/managed_resource.proto


export interface ListResourcesRequestInit {
}

export interface ListResourcesRequest {
}
