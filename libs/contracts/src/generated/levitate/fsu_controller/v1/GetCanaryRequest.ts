// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto


export interface GetCanaryRequestInit {
}

export interface GetCanaryRequest {
}
