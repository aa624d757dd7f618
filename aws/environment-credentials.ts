/**
 * Reads credentials from the environment, where Lambda puts them.
 *
 * The build puts this in place of the SDK's whole provider chain (profiles, SSO, instance metadata), which a Lambda
 * function never uses and which costs every cold start 116 KB.
 */
export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
  if (!accessKeyId || !secretAccessKey) throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set');
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
};
