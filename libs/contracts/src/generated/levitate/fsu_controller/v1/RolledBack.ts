// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto


export interface RolledBackInit {
  'target'?: (string);
  'limitBytes'?: (number);
}

export interface RolledBack {
  'target': (string);
  'limitBytes': (number);
}
