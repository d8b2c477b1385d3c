// Elements of a string tensor. TensorFlow 2.4 keeps these functions inline, so that the library
// exports none of them: they are written here from the layout, which is part of its ABI.
//
// 24 bytes. The two low bits of the first byte say how the rest is read: 0 up to 22 bytes in place,
// 1 on the heap, 2 at an offset from the element itself, 3 a view of bytes of somebody else. The
// remaining bits of the first word hold the length.
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct TF_TString {
  union {
    struct {
      uint8_t size;
      char bytes[23];
    } small;
    struct {
      uint64_t size;
      uint64_t capacity;
      char* bytes;
    } large;
    struct {
      uint32_t size;
      uint32_t offset;
      uint32_t count;
    } offset;
    struct {
      uint64_t size;
      const char* bytes;
    } view;
  } as;
};
static_assert(sizeof(TF_TString) == 24, "the element of a string tensor has 24 bytes");

enum TStringKind { T_SMALL = 0, T_LARGE = 1, T_OFFSET = 2, T_VIEW = 3 };

static inline int TStringKindOf(const TF_TString* text) { return text->as.small.size & 3; }

static inline void TF_TString_Init(TF_TString* text) { memset(text, 0, sizeof *text); }

static inline void TF_TString_Dealloc(TF_TString* text) {
  if (TStringKindOf(text) != T_LARGE) return;
  free(text->as.large.bytes);
  TF_TString_Init(text);
}

static inline size_t TF_TString_GetSize(const TF_TString* text) {
  switch (TStringKindOf(text)) {
    case T_SMALL: return text->as.small.size >> 2;
    case T_LARGE: return text->as.large.size >> 2;
    case T_OFFSET: return text->as.offset.size >> 2;
    default: return text->as.view.size >> 2;
  }
}

static inline const char* TF_TString_GetDataPointer(const TF_TString* text) {
  switch (TStringKindOf(text)) {
    case T_SMALL: return text->as.small.bytes;
    case T_LARGE: return text->as.large.bytes;
    case T_OFFSET: return reinterpret_cast<const char*>(text) + text->as.offset.offset;
    default: return text->as.view.bytes;
  }
}

static inline void TF_TString_Copy(TF_TString* text, const char* bytes, size_t length) {
  TF_TString_Dealloc(text);
  TF_TString_Init(text);
  const size_t inPlaceMax = sizeof text->as.small.bytes - 1;
  if (length <= inPlaceMax) {
    text->as.small.size = static_cast<uint8_t>(length << 2);
    memcpy(text->as.small.bytes, bytes, length);
    return;
  }
  // Room for a closing zero, rounded up to 16 bytes as TensorFlow does when it grows one.
  const size_t room = (length + 1 + 15) & ~static_cast<size_t>(15);
  text->as.large.bytes = static_cast<char*>(malloc(room));
  memcpy(text->as.large.bytes, bytes, length);
  text->as.large.bytes[length] = 0;
  text->as.large.capacity = room - 1;
  text->as.large.size = (static_cast<uint64_t>(length) << 2) | T_LARGE;
}
