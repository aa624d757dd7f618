/** The API's function. */
export type ApiHandler = (event: unknown, context?: unknown) => Promise<{ statusCode: number; body: string }>;

/** A request as API Gateway hands it to the API's function (payload format 2.0). */
export function apiEvent(method: string, path: string, query = '', body?: string) {
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: query,
    headers: { host: 'bench', ...(body && { 'content-type': 'application/json', 'content-length': String(body.length) }) },
    requestContext: {
      accountId: '0',
      domainName: 'bench',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'bench' },
      requestId: 'r',
      stage: '$default',
    },
    isBase64Encoded: false,
    ...(body && { body }),
  };
}
