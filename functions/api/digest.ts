const bytesOf = (text: string) => new TextEncoder().encode(text);

/** The SHA-256 of a text, in hexadecimal. */
export async function digest(text: string): Promise<string> {
  return hexadecimal(await crypto.subtle.digest('SHA-256', bytesOf(text)));
}

/** The HMAC-SHA-256 of a text with a secret, in hexadecimal. */
export async function hmac(secret: string, text: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', bytesOf(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return hexadecimal(await crypto.subtle.sign('HMAC', key, bytesOf(text)));
}

function hexadecimal(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
