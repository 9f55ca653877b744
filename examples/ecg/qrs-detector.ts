// A streaming QRS detector: one sample in, now and then one heartbeat out. Integer arithmetic only, no
// division, no allocation: 64 bytes of static memory and a dozen globals, all of them 0 at the start.
//
// 1. Filter. Three boxes of 8 samples (22 ms) side by side; the output is the mean of the middle box minus
//    the mean of its neighbours. That is symmetric, so a peak keeps its place; it answers 0 to a constant
//    and to a slope, so the baseline may drift; it is strongest near 17 Hz, where a QRS complex has its
//    energy, and weak for slow waves (T, P) and for mains hum. As a recursion it costs three loads: y +=
//    3(x[-8] - x[-16]) - x[0] + x[-24].
// 2. Peaks. The largest magnitude that nothing exceeds in the following 150 ms is a peak: a beat's
//    side lobes and its T wave fall to the beat. Its place is its first wave's: a later one moves it
//    only if it is half as large again, because the humps of a wide beat grow in the filter.
//    Magnitude, so that inverted beats are found too.
// 3. Decision. Two running levels, of beats and of noise, each moved by an eighth towards the newest peak, as
//    in Hamilton and Tompkins, IEEE Trans. Biomed. Eng. 33(12), 1986. A peak that stands out of the noise by
//    3/8 of their distance is a beat, unless it comes within 200 ms of the one before.
// 4. Search back. When 1.625 usual intervals have passed without a beat, the largest peak since is one if it
//    reaches 3/4 of the threshold. With nothing there, the beat level falls by a quarter: after an artefact
//    or a loose electrode the detector finds its way back. The first second is the same case: no level, no
//    threshold, the largest peak starts both.
//
// A beat is known 150 ms after its peak at the earliest; one in the recording's last 150 ms is not reported.

/** Samples a second; the times below are counts of samples. */
const RATE: i32 = 360;
/** Samples in one of the filter's three boxes. */
const BOX: u32 = 8;
/** From the newest sample back to the middle of the three boxes. */
const DELAY: u32 = 11;
/** A power of two that holds three boxes. */
const RING_LENGTH: u32 = 32;
const RING_MASK: u32 = RING_LENGTH * sizeof<u16>() - 1;
/** A rise within 33 ms of a wave's crest belongs to that wave. */
const SAME_WAVE: i32 = 12;
/** A peak stands when nothing larger comes in this time: 150 ms. */
const PEAK_HOLD: i32 = 54;
/** No heart beats twice in this time: 200 ms. */
const REFRACTORY: i32 = 72;
/** A longer interval than this, 1.5 s, is a pause or a missed beat: it does not count for the usual one. */
const LONGEST_USUAL: i32 = 540;
/** Peaks below 10 counts (50 microvolts in the MIT-BIH database) are nothing. */
const FLOOR: i32 = 10 << 5;

/** The last samples, u16, in a ring. */
const ring: usize = memory.data(RING_LENGTH * sizeof<u16>(), 2);
/** Byte offset in the ring of the newest sample. */
let cursor: u32 = 0;
/** The filter's output, in sixteenths of a count. */
let filtered: i32 = 0;

// Strengths and levels are the filter's output folded: twice the magnitude, with the sign in the lowest bit.
// They compare as magnitudes do, and `height` gets the sign back.

/** Samples taken. */
let clock: i32 = 0;
/** The peak that is being watched, and the clock when it came. */
let peak: i32 = 0;
let peakClock: i32 = 0;
/** The wave that gives the peak its place: its strength, and the clock at its crest. */
let wave: i32 = 0;
let waveClock: i32 = 0;
/** The largest peak since the last beat that was not taken for a beat. */
let missed: i32 = 0;
let missedClock: i32 = 0;
/** Running level of beats; 0 before the first. */
let beatLevel: i32 = 0;
/** Running level of noise. */
let noiseLevel: i32 = 0;
/** Running interval between beats; 0 before the second. */
let usualInterval: i32 = 0;
/** The last beat; its clock is 0 before the first. */
let beat: i32 = 0;
let beatClock: i32 = 0;
let beatInterval: i32 = 0;

/**
 * Forgets beats and levels, for a new recording. The filter needs no reset: its
 * first window is not looked at.
 */
export function reset(): void {
  clock = 0;
  peak = 0;
  peakClock = 0;
  wave = 0;
  missed = 0;
  beatLevel = 0;
  noiseLevel = 0;
  usualInterval = 0;
  beatClock = 0;
}

/**
 * Takes one sample.
 * @returns whether a beat was found; then `at`, `interval` and `height` describe it
 */
export function push(sample: u16): bool {
  const strength = filter(sample);
  const now = clock + 1;
  clock = now;
  if (strength > peak) {
    if (<u32>now < 3 * BOX) return false;
    if (now - waveClock <= SAME_WAVE || 2 * strength > 3 * wave) {
      wave = strength;
      waveClock = now;
    }
    peak = strength;
    peakClock = now;
    return false;
  }
  return now - peakClock >= PEAK_HOLD && decide();
}

/** Sample index of the beat's R peak; the first sample is 0. */
export function at(): u32 {
  return beatClock - 1 - DELAY;
}

/** Samples since the beat before; 0 for the first beat, 65,535 for all that a u16 does not hold. */
export function interval(): u16 {
  return <u16>min(beatInterval, <i32>u16.MAX_VALUE);
}

/** The filter's strongest output in the beat, in the samples' unit: negative where it points down. */
export function height(): i16 {
  const counts = min(beat >> 5, <i32>i16.MAX_VALUE);
  return <i16>(beat & 1 ? -counts : counts);
}

/** Moves the boxes on by one sample. @returns the filter's output, folded */
function filter(sample: u16): i32 {
  const newest = (cursor + sizeof<u16>()) & RING_MASK;
  const output =
    filtered + 3 * (past(newest, BOX) - past(newest, 2 * BOX)) - <i32>sample + past(newest, 3 * BOX);
  // SAFETY: the offset is even and masked to the ring.
  store<u16>(newest, sample, ring);
  cursor = newest;
  filtered = output;
  return (output << 1) ^ (output >> 31);
}

/** The sample from `age` samples before the newest. */
@inline
function past(newest: u32, age: u32): i32 {
  // SAFETY: the offset is even and masked to the ring.
  return load<u16>((newest - age * sizeof<u16>()) & RING_MASK, ring);
}

/** Judges the peak that has stood its time; before that, looks back if a beat is overdue. */
function decide(): bool {
  const threshold = noiseLevel + ((3 * (beatLevel - noiseLevel)) >> 3);
  const pause = peakClock - beatClock;
  const overdue = usualInterval ? usualInterval + ((5 * usualInterval) >> 3) : RATE;
  if (pause > overdue) {
    // The peak keeps until the next sample.
    if (4 * missed > 3 * threshold) return accept(missed, missedClock);
    if (pause > 3 * overdue) beatLevel -= beatLevel >> 2;
  }
  const candidate = peak;
  const candidateClock = waveClock;
  wave = 0;
  peak = 0;
  peakClock = clock;
  if (candidate < FLOOR) return false;
  if (beatLevel && candidate > threshold) return accept(candidate, candidateClock);
  noiseLevel += (min(candidate, beatLevel) - noiseLevel) >> 3;
  if (candidate > missed) {
    missed = candidate;
    missedClock = candidateClock;
  }
  return false;
}

/** Takes a peak for a beat, unless the heart cannot have beaten again so soon. */
function accept(strength: i32, time: i32): bool {
  missed = 0;
  let since = 0;
  if (beatClock) {
    since = time - beatClock;
    if (since < REFRACTORY) return false;
    if (!usualInterval) usualInterval = since;
    if (since < LONGEST_USUAL) usualInterval += (since - usualInterval) >> 3;
  } else {
    beatLevel = strength;
  }
  // One artefact must not raise the level out of the beats' reach.
  beatLevel += (min(strength, 2 * beatLevel) - beatLevel) >> 3;
  beat = strength;
  beatClock = time;
  beatInterval = since;
  return true;
}
