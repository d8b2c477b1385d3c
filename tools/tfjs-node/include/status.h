// Outcomes of calls: TensorFlow C API, as TensorFlow 2.4 exports it from libtensorflow_cc.so.2.
#pragma once

extern "C" {

typedef struct TF_Status TF_Status;

// The binding compares with TF_OK alone; the codes are those of gRPC.
typedef enum TF_Code {
  TF_OK = 0,
  TF_CANCELLED = 1,
  TF_UNKNOWN = 2,
  TF_INVALID_ARGUMENT = 3,
} TF_Code;

const char* TF_Version(void);
TF_Status* TF_NewStatus(void);
void TF_DeleteStatus(TF_Status* status);
TF_Code TF_GetCode(const TF_Status* status);
const char* TF_Message(const TF_Status* status);
}
