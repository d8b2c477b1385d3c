// Graphs, sessions and devices: what the binding needs to run a SavedModel.
#pragma once

#include "status.h"
#include "tensor.h"

extern "C" {

typedef struct TF_Graph TF_Graph;
typedef struct TF_Session TF_Session;
typedef struct TF_SessionOptions TF_SessionOptions;
typedef struct TF_Operation TF_Operation;
typedef struct TF_DeviceList TF_DeviceList;

// Bytes of a serialized protocol buffer, freed by whoever the last member names.
typedef struct TF_Buffer {
  const void* data;
  size_t length;
  void (*data_deallocator)(void* data, size_t length);
} TF_Buffer;

// One output of one operation of a graph.
typedef struct TF_Output {
  TF_Operation* oper;
  int index;
} TF_Output;

TF_Buffer* TF_NewBuffer(void);
TF_Buffer* TF_NewBufferFromString(const void* bytes, size_t length);
void TF_DeleteBuffer(TF_Buffer* buffer);

TF_Graph* TF_NewGraph(void);
void TF_DeleteGraph(TF_Graph* graph);
TF_Operation* TF_GraphOperationByName(TF_Graph* graph, const char* name);

TF_SessionOptions* TF_NewSessionOptions(void);
void TF_DeleteSessionOptions(TF_SessionOptions* options);
TF_Session* TF_LoadSessionFromSavedModel(const TF_SessionOptions* options,
                                         const TF_Buffer* run_options, const char* folder,
                                         const char* const* tags, int tag_count, TF_Graph* graph,
                                         TF_Buffer* meta_graph_def, TF_Status* status);
void TF_DeleteSession(TF_Session* session, TF_Status* status);
void TF_SessionRun(TF_Session* session, const TF_Buffer* run_options, const TF_Output* inputs,
                   TF_Tensor* const* input_values, int input_count, const TF_Output* outputs,
                   TF_Tensor** output_values, int output_count,
                   const TF_Operation* const* targets, int target_count, TF_Buffer* run_metadata,
                   TF_Status* status);

int TF_DeviceListCount(const TF_DeviceList* list);
const char* TF_DeviceListName(const TF_DeviceList* list, int index, TF_Status* status);
const char* TF_DeviceListType(const TF_DeviceList* list, int index, TF_Status* status);
void TF_DeleteDeviceList(TF_DeviceList* list);
}
