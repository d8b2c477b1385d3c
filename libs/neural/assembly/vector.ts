// Four numbers at a time.

/** a b + c: one rounding where relaxed SIMD gives a fused instruction, two otherwise. */
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    return f32x4.relaxed_madd(a, b, c);
  } else {
    return f32x4.add(f32x4.mul(a, b), c);
  }
}

/** The sum of the four lanes, always in the same order. */
export function sumOfLanes(v: v128): f32 {
  const low = f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1);
  return low + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** 1 to 3 numbers at `from`, the other lanes zero. */
export function loadSome(from: usize, count: i32): v128 {
  if (count === 1) return v128.load32_zero(from);
  if (count === 2) return v128.load64_zero(from);
  return v128.load32_lane(from + 8, v128.load64_zero(from), 2);
}

/** Stores the first 1 to 3 lanes. */
export function storeSome(to: usize, v: v128, count: i32): void {
  if (count === 1) {
    v128.store32_lane(to, v, 0);
    return;
  }
  v128.store64_lane(to, v, 0);
  if (count === 3) v128.store32_lane(to + 8, v, 2);
}
