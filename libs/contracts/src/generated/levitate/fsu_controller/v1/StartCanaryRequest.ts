// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto


export interface StartCanaryRequestInit {
}

export interface StartCanaryRequest {
}
