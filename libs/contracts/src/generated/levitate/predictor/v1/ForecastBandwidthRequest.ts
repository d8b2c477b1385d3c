// Original file: proto/levitate/predictor/v1/predictor.proto

import type { BandwidthWindowInit as _levitate_predictor_v1_BandwidthWindowInit, BandwidthWindow as _levitate_predictor_v1_BandwidthWindow } from '../../../levitate/predictor/v1/BandwidthWindow.ts';

export interface ForecastBandwidthRequestInit {
  /**
   * At most 64.
   */
  'windows'?: (_levitate_predictor_v1_BandwidthWindowInit)[];
  /**
   * Steps ahead; 0 is 10, the most there is.
   */
  'horizonSteps'?: (number);
  /**
   * Class of traffic, as models name it; empty: whoever won over all classes.
   */
  'trafficClass'?: (string);
}

export interface ForecastBandwidthRequest {
  /**
   * At most 64.
   */
  'windows': (_levitate_predictor_v1_BandwidthWindow)[];
  /**
   * Steps ahead; 0 is 10, the most there is.
   */
  'horizonSteps': (number);
  /**
   * Class of traffic, as models name it; empty: whoever won over all classes.
   */
  'trafficClass': (string);
}
