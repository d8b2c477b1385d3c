// Tensors in memory: types, shapes, bytes. Numbers are those of types.proto of TensorFlow.
#pragma once

#include <stddef.h>
#include <stdint.h>

extern "C" {

typedef struct TF_Tensor TF_Tensor;

typedef enum TF_DataType {
  TF_FLOAT = 1,
  TF_DOUBLE = 2,
  TF_INT32 = 3,
  TF_UINT8 = 4,
  TF_INT16 = 5,
  TF_INT8 = 6,
  TF_STRING = 7,
  TF_COMPLEX64 = 8,
  TF_INT64 = 9,
  TF_BOOL = 10,
  TF_RESOURCE = 20,
  TF_VARIANT = 21,
} TF_DataType;

// Bytes of one element, 0 for strings.
size_t TF_DataTypeSize(TF_DataType type);

// Takes `data` over and gives it back through `deallocator`.
TF_Tensor* TF_NewTensor(TF_DataType type, const int64_t* dims, int dim_count, void* data,
                        size_t bytes, void (*deallocator)(void* data, size_t bytes, void* arg),
                        void* deallocator_arg);
TF_Tensor* TF_AllocateTensor(TF_DataType type, const int64_t* dims, int dim_count, size_t bytes);
void TF_DeleteTensor(TF_Tensor* tensor);

TF_DataType TF_TensorType(const TF_Tensor* tensor);
int TF_NumDims(const TF_Tensor* tensor);
int64_t TF_Dim(const TF_Tensor* tensor, int index);
int64_t TF_TensorElementCount(const TF_Tensor* tensor);
size_t TF_TensorByteSize(const TF_Tensor* tensor);
void* TF_TensorData(const TF_Tensor* tensor);
}
