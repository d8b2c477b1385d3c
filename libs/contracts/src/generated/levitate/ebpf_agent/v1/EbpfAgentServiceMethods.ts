// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { ServerStream, Unary } from '../../../../service-contract.ts';
import type { AcquireLeaseRequest, AcquireLeaseRequestInit } from './AcquireLeaseRequest.ts';
import type { AcquireLeaseResponse, AcquireLeaseResponseInit } from './AcquireLeaseResponse.ts';
import type { GetCapabilitiesRequest, GetCapabilitiesRequestInit } from './GetCapabilitiesRequest.ts';
import type { GetCapabilitiesResponse, GetCapabilitiesResponseInit } from './GetCapabilitiesResponse.ts';
import type { ListLinksRequest, ListLinksRequestInit } from './ListLinksRequest.ts';
import type { ListLinksResponse, ListLinksResponseInit } from './ListLinksResponse.ts';
import type { ListProgramsRequest, ListProgramsRequestInit } from './ListProgramsRequest.ts';
import type { ListProgramsResponse, ListProgramsResponseInit } from './ListProgramsResponse.ts';
import type { ReleaseLeaseRequest, ReleaseLeaseRequestInit } from './ReleaseLeaseRequest.ts';
import type { ReleaseLeaseResponse, ReleaseLeaseResponseInit } from './ReleaseLeaseResponse.ts';
import type { RenewLeaseRequest, RenewLeaseRequestInit } from './RenewLeaseRequest.ts';
import type { RenewLeaseResponse, RenewLeaseResponseInit } from './RenewLeaseResponse.ts';
import type { RenewLeasesRequest, RenewLeasesRequestInit } from './RenewLeasesRequest.ts';
import type { RenewLeasesResponse, RenewLeasesResponseInit } from './RenewLeasesResponse.ts';
import type { RestoreRequest, RestoreRequestInit } from './RestoreRequest.ts';
import type { RestoreResponse, RestoreResponseInit } from './RestoreResponse.ts';
import type { SetQueueLimitRequest, SetQueueLimitRequestInit } from './SetQueueLimitRequest.ts';
import type { SetQueueLimitResponse, SetQueueLimitResponseInit } from './SetQueueLimitResponse.ts';
import type { SetQueueLimitsRequest, SetQueueLimitsRequestInit } from './SetQueueLimitsRequest.ts';
import type { SetQueueLimitsResponse, SetQueueLimitsResponseInit } from './SetQueueLimitsResponse.ts';
import type { StreamMicroburstsRequest, StreamMicroburstsRequestInit } from './StreamMicroburstsRequest.ts';
import type { StreamMicroburstsResponse, StreamMicroburstsResponseInit } from './StreamMicroburstsResponse.ts';
import type { StreamSamplesRequest, StreamSamplesRequestInit } from './StreamSamplesRequest.ts';
import type { StreamSamplesResponse, StreamSamplesResponseInit } from './StreamSamplesResponse.ts';

/** Every RPC of EbpfAgentService. */
export type EbpfAgentServiceMethods = {
  streamSamples: ServerStream<StreamSamplesRequestInit, StreamSamplesRequest, StreamSamplesResponseInit, StreamSamplesResponse>;
  streamMicrobursts: ServerStream<StreamMicroburstsRequestInit, StreamMicroburstsRequest, StreamMicroburstsResponseInit, StreamMicroburstsResponse>;
  listLinks: Unary<ListLinksRequestInit, ListLinksRequest, ListLinksResponseInit, ListLinksResponse>;
  acquireLease: Unary<AcquireLeaseRequestInit, AcquireLeaseRequest, AcquireLeaseResponseInit, AcquireLeaseResponse>;
  renewLease: Unary<RenewLeaseRequestInit, RenewLeaseRequest, RenewLeaseResponseInit, RenewLeaseResponse>;
  renewLeases: Unary<RenewLeasesRequestInit, RenewLeasesRequest, RenewLeasesResponseInit, RenewLeasesResponse>;
  releaseLease: Unary<ReleaseLeaseRequestInit, ReleaseLeaseRequest, ReleaseLeaseResponseInit, ReleaseLeaseResponse>;
  setQueueLimit: Unary<SetQueueLimitRequestInit, SetQueueLimitRequest, SetQueueLimitResponseInit, SetQueueLimitResponse>;
  setQueueLimits: Unary<SetQueueLimitsRequestInit, SetQueueLimitsRequest, SetQueueLimitsResponseInit, SetQueueLimitsResponse>;
  restore: Unary<RestoreRequestInit, RestoreRequest, RestoreResponseInit, RestoreResponse>;
  listPrograms: Unary<ListProgramsRequestInit, ListProgramsRequest, ListProgramsResponseInit, ListProgramsResponse>;
  getCapabilities: Unary<GetCapabilitiesRequestInit, GetCapabilitiesRequest, GetCapabilitiesResponseInit, GetCapabilitiesResponse>;
};
