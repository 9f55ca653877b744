/**
 * The picture of the ecg run: ten seconds of the signal with the beats found, and
 * the heart rate over the whole recording.
 */
import { scaleLinear, type ScaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { Beat } from "../start/beat.js";
import { isUsual, rateOf, ratesOverTime } from "../start/heart-rate.js";
import { SAMPLE_RATE } from "../start/recording.js";
import { element, text } from "./markup.js";
import { style } from "./style.js";

/** What is drawn. */
export interface EcgPicture {
  /** ADC counts; millivolts = (count - 1024) / 200. */
  readonly samples: Uint16Array;
  readonly beats: readonly Beat[];
  /** Sample indices of the beats that wfdb's XQRS finds. */
  readonly xqrs: readonly number[];
  /** First sample of the excerpt, and samples in it. */
  readonly excerpt: { readonly start: number; readonly length: number };
}

type Scale = ScaleLinear<number, number>;

const WIDTH = 880;
const LEFT = 48;
const RIGHT = WIDTH - 20;
/** Each panel from its top to its bottom line. */
const SIGNAL = { top: 64, bottom: 230 };
const RATE = { top: 322, bottom: 442 };
const HEIGHT = RATE.bottom + 44;
/** Every second sample is drawn: two are half a pixel apart. */
const THINNED = 2;
/** Points of the median line: one for 5 s. */
const RATE_POINTS = 60;

/** The picture as the text of an SVG file, for light and dark pages. The same input gives the same bytes. */
export function ecgSvg(picture: EcgPicture): string {
  const label =
    "Ten seconds of an electrocardiogram with the beats found by the guest, and the heart rate over five minutes";
  const body = [
    element("style", {}, style),
    element("rect", { class: "page", width: WIDTH, height: HEIGHT, rx: 8 }),
    ...signalPanel(picture),
    ...ratePanel(picture),
  ];
  const frame = { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${WIDTH} ${HEIGHT}` };
  return `${element("svg", { ...frame, role: "img", "aria-label": label }, `\n${body.join("\n")}\n`)}\n`;
}

function signalPanel({ samples, beats, xqrs, excerpt }: EcgPicture): string[] {
  const end = excerpt.start + excerpt.length;
  const millivolts = Array.from(samples.subarray(excerpt.start, end), (count) => (count - 1024) / 200);
  const x = scaleLinear([0, excerpt.length / SAMPLE_RATE], [LEFT, RIGHT]);
  const y = scaleLinear([Math.min(...millivolts), Math.max(...millivolts)], [SIGNAL.bottom, SIGNAL.top]).nice(
    4,
  );
  const inside = (at: number): boolean => at >= excerpt.start && at < end;
  const place = (at: number): number => x((at - excerpt.start) / SAMPLE_RATE);
  const trace = line<number>((_, index) => x((index * THINNED) / SAMPLE_RATE), y).digits(1);
  const found = beats.filter(({ at }) => inside(at)).map(({ at }) => at);
  return [
    text(LEFT - 28, 26, "Ten seconds of the recording, in millivolts", "title"),
    ...legend(),
    ...rowsOf(y, 4, LEFT, RIGHT),
    ...columnsOf(x, 10, SIGNAL.bottom, (second) => `${second} s`),
    ...found.map((at) => hairline(place(at))),
    element("path", { class: "signal", d: trace(millivolts.filter((_, index) => index % THINNED === 0))! }),
    ...found.map((at) => dot(place(at), y(millivolts[at - excerpt.start]!), 4, "found")),
    ...xqrs.filter(inside).map((at) => triangle(place(at), SIGNAL.top - 10)),
  ];
}

function ratePanel({ samples, beats, excerpt }: EcgPicture): string[] {
  const minutes = samples.length / SAMPLE_RATE / 60;
  const minuteOf = (at: number): number => at / SAMPLE_RATE / 60;
  const x = scaleLinear([0, minutes], [LEFT, RIGHT]);
  const y = scaleLinear([40, 160], [RATE.bottom, RATE.top]).clamp(true);
  const rates = ratesOverTime(beats, samples.length, RATE_POINTS);
  const middle = (index: number): number => x(((index + 0.5) * minutes) / RATE_POINTS);
  const band = { x: x(minuteOf(excerpt.start)), end: x(minuteOf(excerpt.start + excerpt.length)) };
  const single = beats.filter(isUsual).map(({ at, interval }) => point(x(minuteOf(at)), y(rateOf(interval))));
  return [
    text(LEFT - 28, RATE.top - 28, "Heart rate over five minutes, in beats a minute", "title"),
    text(
      RIGHT,
      RATE.top - 28,
      "a dot a beat; the line is the median of 5 s; shaded, the ten seconds above",
      "note",
      "end",
    ),
    element("rect", {
      class: "band",
      x: band.x,
      y: RATE.top,
      width: band.end - band.x,
      height: RATE.bottom - RATE.top,
    }),
    ...rowsOf(y, 4, LEFT, RIGHT),
    ...columnsOf(x, 5, RATE.bottom, (minute) => `${minute} min`),
    element("path", { class: "beat", d: single.join("") }),
    element("path", { class: "rate", d: line<number>((_, index) => middle(index), y).digits(1)(rates)! }),
  ];
}

/** What the marks of the upper panel mean, at its right. */
function legend(): string[] {
  const right = RIGHT;
  return [
    dot(right - 286, 22, 4, "found"),
    text(right - 276, 26, "found by the guest", "note"),
    triangle(right - 142, 18),
    text(right - 132, 26, "found by wfdb's XQRS", "note"),
  ];
}

/** Lines across a panel at round values, with the value at the left. */
function rowsOf(y: Scale, most: number, from: number, to: number): string[] {
  return y
    .ticks(most)
    .flatMap((value) => [
      element("line", { class: "grid", x1: from, x2: to, y1: y(value), y2: y(value) }),
      text(from - 8, y(value) + 4, String(value), "tick", "end"),
    ]);
}

/** Values below a panel. */
function columnsOf(x: Scale, most: number, bottom: number, name: (value: number) => string): string[] {
  return x.ticks(most).map((value) => text(x(value), bottom + 20, name(value), "tick", "middle"));
}

function hairline(x: number): string {
  return element("line", { class: "hairline", x1: x, x2: x, y1: SIGNAL.top, y2: SIGNAL.bottom });
}

function dot(cx: number, cy: number, r: number, name: string): string {
  return element("circle", { class: name, cx, cy, r });
}

/** A step of a path that draws one round point. */
function point(x: number, y: number): string {
  return `M${x.toFixed(1)} ${y.toFixed(1)}h0`;
}

/** A triangle that points down to what is below it. */
function triangle(x: number, y: number): string {
  return element("path", { class: "xqrs", d: `M${x.toFixed(1)} ${y + 8}l-5 -8h10z` });
}
