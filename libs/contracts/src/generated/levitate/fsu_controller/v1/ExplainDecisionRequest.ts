// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto


export interface ExplainDecisionRequestInit {
  'id'?: (number);
  '_id'?: "id";
}

export interface ExplainDecisionRequest {
  'id'?: (number);
}
