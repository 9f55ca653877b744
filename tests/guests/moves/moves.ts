/** A guest that calls async functions of its host: for the bindings in C. */
import { both, follow, stop } from "./bindings/my-moves-control";
import * as motor from "./bindings/my-moves-motor";

export function runFollow(task: follow.Task): void {
  const steps = task.steps;
  const output = task.resolve();
  motor.home.call();
  while (steps.next()) {
    const pace = steps.value > 0 ? motor.pace.fast : motor.pace.slow;
    if (!output.writeOne(motor.go.call(steps.value, pace))) break;
  }
}

export function runBoth(task: both.Task): void {
  const place = motor.probe.place();
  place.axis = 2;
  place.at = -70000;
  motor.go.start(task.steps, motor.pace.slow);
  if (task.steps == 0) motor.go.open().start(1, motor.pace.slow);
  const probed = motor.probe.call(place, 1 << 40, 0.5);
  motor.go.wait();
  const at = motor.go.result();
  const isOk = probed.tag == motor.ResultPlacePace.ok;
  task.resolve(isOk ? at + probed.ok.at : at);
}

export function runStop(task: stop.Task): void {
  motor.go.start(task.steps, motor.pace.slow);
  task.resolve(motor.go.cancel());
}
