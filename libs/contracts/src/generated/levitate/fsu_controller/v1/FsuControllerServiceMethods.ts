// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { ServerStream, Unary } from '../../../../service-contract.ts';
import type { AbortCanaryRequest, AbortCanaryRequestInit } from './AbortCanaryRequest.ts';
import type { AbortCanaryResponse, AbortCanaryResponseInit } from './AbortCanaryResponse.ts';
import type { ExplainDecisionRequest, ExplainDecisionRequestInit } from './ExplainDecisionRequest.ts';
import type { ExplainDecisionResponse, ExplainDecisionResponseInit } from './ExplainDecisionResponse.ts';
import type { GetCanaryRequest, GetCanaryRequestInit } from './GetCanaryRequest.ts';
import type { GetCanaryResponse, GetCanaryResponseInit } from './GetCanaryResponse.ts';
import type { ListDecisionsRequest, ListDecisionsRequestInit } from './ListDecisionsRequest.ts';
import type { ListDecisionsResponse, ListDecisionsResponseInit } from './ListDecisionsResponse.ts';
import type { ListReportsRequest, ListReportsRequestInit } from './ListReportsRequest.ts';
import type { ListReportsResponse, ListReportsResponseInit } from './ListReportsResponse.ts';
import type { ListTargetsRequest, ListTargetsRequestInit } from './ListTargetsRequest.ts';
import type { ListTargetsResponse, ListTargetsResponseInit } from './ListTargetsResponse.ts';
import type { PauseRequest, PauseRequestInit } from './PauseRequest.ts';
import type { PauseResponse, PauseResponseInit } from './PauseResponse.ts';
import type { ResumeRequest, ResumeRequestInit } from './ResumeRequest.ts';
import type { ResumeResponse, ResumeResponseInit } from './ResumeResponse.ts';
import type { RollbackRequest, RollbackRequestInit } from './RollbackRequest.ts';
import type { RollbackResponse, RollbackResponseInit } from './RollbackResponse.ts';
import type { SetModeRequest, SetModeRequestInit } from './SetModeRequest.ts';
import type { SetModeResponse, SetModeResponseInit } from './SetModeResponse.ts';
import type { StartCanaryRequest, StartCanaryRequestInit } from './StartCanaryRequest.ts';
import type { StartCanaryResponse, StartCanaryResponseInit } from './StartCanaryResponse.ts';
import type { StreamTicksRequest, StreamTicksRequestInit } from './StreamTicksRequest.ts';
import type { StreamTicksResponse, StreamTicksResponseInit } from './StreamTicksResponse.ts';

/** Every RPC of FsuControllerService. */
export type FsuControllerServiceMethods = {
  listTargets: Unary<ListTargetsRequestInit, ListTargetsRequest, ListTargetsResponseInit, ListTargetsResponse>;
  streamTicks: ServerStream<StreamTicksRequestInit, StreamTicksRequest, StreamTicksResponseInit, StreamTicksResponse>;
  listDecisions: Unary<ListDecisionsRequestInit, ListDecisionsRequest, ListDecisionsResponseInit, ListDecisionsResponse>;
  explainDecision: Unary<ExplainDecisionRequestInit, ExplainDecisionRequest, ExplainDecisionResponseInit, ExplainDecisionResponse>;
  setMode: Unary<SetModeRequestInit, SetModeRequest, SetModeResponseInit, SetModeResponse>;
  pause: Unary<PauseRequestInit, PauseRequest, PauseResponseInit, PauseResponse>;
  resume: Unary<ResumeRequestInit, ResumeRequest, ResumeResponseInit, ResumeResponse>;
  rollback: Unary<RollbackRequestInit, RollbackRequest, RollbackResponseInit, RollbackResponse>;
  getCanary: Unary<GetCanaryRequestInit, GetCanaryRequest, GetCanaryResponseInit, GetCanaryResponse>;
  startCanary: Unary<StartCanaryRequestInit, StartCanaryRequest, StartCanaryResponseInit, StartCanaryResponse>;
  abortCanary: Unary<AbortCanaryRequestInit, AbortCanaryRequest, AbortCanaryResponseInit, AbortCanaryResponse>;
  listReports: Unary<ListReportsRequestInit, ListReportsRequest, ListReportsResponseInit, ListReportsResponse>;
};
