/** Each case by its name: whether the names stand for the numbers that the host gives. */
import { Access, Any, OptionU16, ResultU16U8, Suit, access, suit } from "./bindings/test-cases-cases";

export function isSuit(value: Suit, number: u32): bool {
  if (number == 0) return value == suit.clubs;
  if (number == 1) return value == suit.diamonds;
  return value == suit.hearts;
}

export function hasAccess(value: Access, number: u32): bool {
  if (number == 0) return (value & access.read) != 0;
  if (number == 1) return (value & access.write) != 0;
  if (number == 2) return (value & access.execute) != 0;
  return (value & access.share) != 0;
}

export function isAny(value: Any, number: u32): bool {
  if (number == 0) return value.tag == Any.nothing;
  if (number == 1) return value.tag == Any.first;
  if (number == 2) return value.tag == Any.second;
  if (number == 3) return value.tag == Any.long;
  if (number == 4) return value.tag == Any.pair;
  if (number == 5) return value.tag == Any.numbers;
  if (number == 6) return value.tag == Any.entries;
  return value.tag == Any.other;
}

export function isOption(value: OptionU16, number: u32): bool {
  return value.tag == (number == 0 ? OptionU16.none : OptionU16.some);
}

export function isResult(value: ResultU16U8, number: u32): bool {
  return value.tag == (number == 0 ? ResultU16U8.ok : ResultU16U8.error);
}
