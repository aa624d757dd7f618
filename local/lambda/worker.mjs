// One execution environment of a Lambda function: imports the built handler and runs the events it is sent.
// Plain JavaScript, so that a worker starts without a loader.
import { parentPort, workerData } from 'node:worker_threads';

const { handlerUrl, functionName, functionArn, memoryMb } = workerData;

let handler;
try {
  ({ handler } = await import(handlerUrl));
  parentPort.postMessage({ is: 'ready' });
} catch (error) {
  parentPort.postMessage({ is: 'initFailed', error: described(error) });
}

parentPort.on('message', async ({ event, requestId, lineage, deadline }) => {
  // The SDK sends it along with every request (Lambda guide, "invocation-recursion").
  process.env._X_AMZN_TRACE_ID = `Root=1-00000000-${requestId.replaceAll('-', '').slice(0, 24)};Lineage=${lineage + 1}:00000000:0`;
  try {
    parentPort.postMessage({ is: 'done', requestId, value: toJson(await handler(event, contextOf(requestId, deadline))) });
  } catch (error) {
    parentPort.postMessage({ is: 'failed', requestId, error: described(error) });
  }
});

/** The context object of the Node.js runtime (Lambda Developer Guide, "nodejs-context"). */
function contextOf(requestId, deadline) {
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(memoryMb),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

/** A handler's answer crosses a wire as JSON. */
function toJson(value) {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

function described(error) {
  return { type: error?.name ?? 'Error', message: error?.message ?? String(error), stack: error?.stack };
}
