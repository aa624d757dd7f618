import { fileURLToPath } from 'node:url';
import { bundle } from './bundle/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const metafiles = await bundle(root, 'dist');
for (const [name, { outputs }] of Object.entries(metafiles)) {
  const bytes = Object.entries(outputs).find(([file]) => file.endsWith(`${name}/handler.mjs`))?.[1].bytes ?? 0;
  console.log(`dist/${name}/handler.mjs  ${Math.round(bytes / 1024)} KB`);
}
