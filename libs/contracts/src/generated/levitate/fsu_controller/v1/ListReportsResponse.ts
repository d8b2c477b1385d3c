// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { ReportInit as _levitate_fsu_controller_v1_ReportInit, Report as _levitate_fsu_controller_v1_Report } from '../../../levitate/fsu_controller/v1/Report.ts';

export interface ListReportsResponseInit {
  'reports'?: (_levitate_fsu_controller_v1_ReportInit)[];
}

export interface ListReportsResponse {
  'reports': (_levitate_fsu_controller_v1_Report)[];
}
