/** A guest whose host has resources, right uses and wrong ones: for the bindings in C. */
import { Sensor, settle, turn, twins } from "./bindings/my-driver-control";
import * as sensors from "./bindings/my-driver-sensors";

export function sample(pin: u8, name: string): i32 {
  const made = Sensor.create(pin);
  const named = made.setName(name);
  let sum: i32 = named.tag == sensors.ResultUnitString.ok ? 0 : named.error.length;
  const reading = made.read();
  sum += reading.value + <i32>reading.at;
  made.drop();
  const opened = Sensor.open(name);
  if (opened.tag == sensors.ResultSensorFault.error) return -1 - <i32>opened.error;
  sum += opened.ok.read().value;
  opened.ok.drop();
  return sum;
}

export function together(pin: u8): i16 {
  const bus = sensors.findBus();
  const left = Sensor.create(pin);
  const right = Sensor.create(pin + 1);
  const other = sensors.compare.b();
  other.tag = 1;
  other.some = right;
  let result = sensors.compare(left, other);
  other.some = left;
  result += sensors.compare(left, other);
  result += sensors.attach(left, bus);
  right.drop();
  bus.drop();
  return result;
}

export function runSettle(task: settle.Task): void {
  const sensor = Sensor.create(task.pin);
  const reading = sensors.sensorWait.call(sensor, task.least);
  sensor.drop();
  task.resolve(reading.value);
}

export function runTwins(task: twins.Task): void {
  const sensor = Sensor.create(task.pin);
  let count: u32 = 0;
  const twin = sensors.sensorTwin.call(sensor);
  if (twin.tag == 1) {
    count = <u32>twin.some.read().value;
    twin.some.drop();
  }
  sensor.drop();
  task.resolve(count);
}

export function useBoth(lent: Sensor, kept: Sensor, way: u8): Sensor {
  if (lent.read().value == way) return kept;
  kept.drop();
  return Sensor.create(way);
}

export function runTurn(task: turn.Task): void {
  const both = sensors.swap.both();
  both.left = task.both.left;
  both.right.tag = task.both.right.tag;
  if (both.right.tag == 1) both.right.some = task.both.right.some;
  const swapped = sensors.swap(both);
  const output = task.output;
  output.left = swapped.left;
  output.right.tag = swapped.right.tag;
  if (swapped.right.tag == 1) output.right.some = swapped.right.some;
  task.resolve(output);
}

export function keep(pin: u8, count: u32): void {
  for (let i: u32 = 0; i < count; i++) Sensor.create(pin + <u8>i);
}

export function wrong(how: u8): void {
  const sensor = Sensor.create(1);
  const bus = sensors.findBus();
  switch (how) {
    case 0: // given up twice
      sensor.drop();
      sensor.drop();
      break;
    case 1: // used after it was handed on
      sensors.attach(sensor, bus);
      sensor.read();
      break;
    case 2: // a handle of another resource
      changetype<Sensor>(bus).read();
      break;
    case 3: // no handle at all
      changetype<Sensor>(<usize>1).drop();
      break;
    case 4: // another one
      changetype<Sensor>(<usize>0xffffffff).read();
      break;
    case 5: // handed on while a call has it lent
      sensors.sensorWait.start(sensor, 0);
      sensors.attach(sensor, bus);
      break;
    case 6: // given up while a call has it lent
      sensors.sensorWait.start(sensor, 0);
      sensor.drop();
      break;
    default:
      break;
  }
}
