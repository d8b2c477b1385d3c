// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto


export interface ResumeRequestInit {
}

export interface ResumeRequest {
}
