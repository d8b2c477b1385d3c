// Original file: proto/levitate/managed_resource/v1/managed_resource.proto

import type { ServerStream, Unary } from '../../../../service-contract.ts';
import type { AcquireLeaseRequest, AcquireLeaseRequestInit } from './AcquireLeaseRequest.ts';
import type { AcquireLeaseResponse, AcquireLeaseResponseInit } from './AcquireLeaseResponse.ts';
import type { ApplyRequest, ApplyRequestInit } from './ApplyRequest.ts';
import type { ApplyResponse, ApplyResponseInit } from './ApplyResponse.ts';
import type { ListResourcesRequest, ListResourcesRequestInit } from './ListResourcesRequest.ts';
import type { ListResourcesResponse, ListResourcesResponseInit } from './ListResourcesResponse.ts';
import type { MeasureRequest, MeasureRequestInit } from './MeasureRequest.ts';
import type { MeasureResponse, MeasureResponseInit } from './MeasureResponse.ts';
import type { ReleaseLeaseRequest, ReleaseLeaseRequestInit } from './ReleaseLeaseRequest.ts';
import type { ReleaseLeaseResponse, ReleaseLeaseResponseInit } from './ReleaseLeaseResponse.ts';
import type { RenewLeaseRequest, RenewLeaseRequestInit } from './RenewLeaseRequest.ts';
import type { RenewLeaseResponse, RenewLeaseResponseInit } from './RenewLeaseResponse.ts';
import type { RestoreRequest, RestoreRequestInit } from './RestoreRequest.ts';
import type { RestoreResponse, RestoreResponseInit } from './RestoreResponse.ts';

/** Every RPC of ManagedResourceService. */
export type ManagedResourceServiceMethods = {
  listResources: Unary<ListResourcesRequestInit, ListResourcesRequest, ListResourcesResponseInit, ListResourcesResponse>;
  measure: Unary<MeasureRequestInit, MeasureRequest, MeasureResponseInit, MeasureResponse>;
  apply: Unary<ApplyRequestInit, ApplyRequest, ApplyResponseInit, ApplyResponse>;
  acquireLease: Unary<AcquireLeaseRequestInit, AcquireLeaseRequest, AcquireLeaseResponseInit, AcquireLeaseResponse>;
  renewLease: Unary<RenewLeaseRequestInit, RenewLeaseRequest, RenewLeaseResponseInit, RenewLeaseResponse>;
  releaseLease: Unary<ReleaseLeaseRequestInit, ReleaseLeaseRequest, ReleaseLeaseResponseInit, ReleaseLeaseResponse>;
  restore: Unary<RestoreRequestInit, RestoreRequest, RestoreResponseInit, RestoreResponse>;
};
