/**
 * Sends GET to the authority that is its first argument, for the path that is its
 * second, and prints the body of the answer.
 */
import { args, copy, printError } from "as-rill/wasi";
import { run } from "./bindings/wasi-cli-run";
import * as stdout from "./bindings/wasi-cli-stdout";
import { ResultResponseErrorCode, send } from "./bindings/wasi-http-client";
import {
  Fields,
  FutureResultOptionFieldsErrorCode,
  FutureResultUnitErrorCode,
  OptionFields,
  OptionRequestOptions,
  OptionScheme,
  OptionStreamU8,
  OptionString,
  Request,
  Response,
  ResultOptionFieldsErrorCode,
  ResultUnitErrorCode,
  Scheme,
  requestNew,
  requestSetAuthority,
  requestSetPathWithQuery,
  requestSetScheme,
} from "./bindings/wasi-http-types";

export function runRun(task: run.Task): void {
  const words = args();
  if (words.length != 3) {
    printError("fetch: name an authority and a path, such as example.com /");
    task.resolve(false);
    return;
  }
  // A request without a body has no trailers either.
  const trailers = FutureResultOptionFieldsErrorCode.create();
  trailers.value.tag = ResultOptionFieldsErrorCode.ok;
  trailers.value.ok.tag = OptionFields.none;
  trailers.start();
  const contents = requestNew.contents();
  contents.tag = OptionStreamU8.none;
  const options = requestNew.options();
  options.tag = OptionRequestOptions.none;
  const end = FutureResultOptionFieldsErrorCode.readable(trailers);
  const made = Request.new_(Fields.create(), contents, end, options);
  const request = made.item0;
  const transmission = made.item1;
  address(request, words[1], words[2]);
  const answered = send.call(request);
  trailers.drop();
  if (answered.tag != ResultResponseErrorCode.ok) {
    printError("fetch: there is no answer");
    task.resolve(false);
    return;
  }
  task.resolve(printBody(answered.ok));
  transmission.drop(); // not before: the connection ends with it
}

/** Sends `request` to http://AUTHORITY/PATH. */
function address(request: Request, authority: string, path: string): void {
  const scheme = requestSetScheme.scheme();
  scheme.tag = OptionScheme.some;
  scheme.some.tag = Scheme.http;
  request.setScheme(scheme);
  const host = requestSetAuthority.authority();
  host.tag = OptionString.some;
  host.some = authority;
  request.setAuthority(host);
  const place = requestSetPathWithQuery.pathWithQuery();
  place.tag = OptionString.some;
  place.some = path;
  request.setPathWithQuery(place);
}

/** Copies the body to standard output. @returns whether all of it was written */
function printBody(response: Response): bool {
  const outcome = FutureResultUnitErrorCode.create();
  const body = Response.consumeBody(response, FutureResultUnitErrorCode.readable(outcome));
  const bytes = body.item0;
  body.item1.drop();
  outcome.value.tag = ResultUnitErrorCode.ok;
  outcome.write();
  outcome.drop();
  const input = bytes.open();
  const output = stdout.StreamU8.create();
  const written = stdout.writeViaStream(stdout.StreamU8.readable(output)).open();
  const isAll = copy(input, output);
  output.drop();
  return written.read().tag == stdout.ResultUnitErrorCode.ok && isAll;
}
