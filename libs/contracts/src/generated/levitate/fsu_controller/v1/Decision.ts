// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { LawInit as _levitate_fsu_controller_v1_LawInit, Law as _levitate_fsu_controller_v1_Law } from '../../../levitate/fsu_controller/v1/Law.ts';
import type { ModeInit as _levitate_fsu_controller_v1_ModeInit, Mode as _levitate_fsu_controller_v1_Mode } from '../../../levitate/fsu_controller/v1/Mode.ts';

export interface DecisionInit {
  'id'?: (number);
  'target'?: (string);
  'timeUnixMs'?: (number);
  'law'?: (_levitate_fsu_controller_v1_LawInit);
  'mode'?: (_levitate_fsu_controller_v1_ModeInit);
  /**
   * Size in force before, wished by the law, allowed by the envelope, in force after.
   */
  'beforeBytes'?: (number);
  'wishedBytes'?: (number);
  'allowedBytes'?: (number);
  'afterBytes'?: (number);
  'applied'?: (boolean);
  /**
   * Closed set of codes, most important first.
   */
  'reasons'?: (string)[];
  /**
   * One sentence for a person.
   */
  'text'?: (string);
  'utilisation'?: (number);
  'kp'?: (number);
  'ki'?: (number);
  'kd'?: (number);
  /**
   * From the newest sample's time to the change in the kernel; 0 when nothing changed.
   */
  'sampleToChangeMs'?: (number);
  /**
   * What its sizes count; empty means bytes.
   */
  'unit'?: (string);
}

export interface Decision {
  'id': (number);
  'target': (string);
  'timeUnixMs': (number);
  'law': (_levitate_fsu_controller_v1_Law);
  'mode': (_levitate_fsu_controller_v1_Mode);
  /**
   * Size in force before, wished by the law, allowed by the envelope, in force after.
   */
  'beforeBytes': (number);
  'wishedBytes': (number);
  'allowedBytes': (number);
  'afterBytes': (number);
  'applied': (boolean);
  /**
   * Closed set of codes, most important first.
   */
  'reasons': (string)[];
  /**
   * One sentence for a person.
   */
  'text': (string);
  'utilisation': (number);
  'kp': (number);
  'ki': (number);
  'kd': (number);
  /**
   * From the newest sample's time to the change in the kernel; 0 when nothing changed.
   */
  'sampleToChangeMs': (number);
  /**
   * What its sizes count; empty means bytes.
   */
  'unit': (string);
}
