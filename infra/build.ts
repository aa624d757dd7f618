import { mkdir, writeFile } from 'node:fs/promises';
import { bundle } from './bundle/index.ts';

const project = process.cwd();
const metafiles = await bundle(project, 'dist');
await mkdir('dist/meta', { recursive: true });
for (const [name, metafile] of Object.entries(metafiles)) {
  // What is in each bundle, for https://esbuild.github.io/analyze/ or jq.
  await writeFile(`dist/meta/${name}.json`, JSON.stringify(metafile));
  const handler = Object.entries(metafile.outputs).find(([file]) => file.endsWith(`${name}/handler.mjs`))?.[1];
  const modules = Object.keys(metafile.inputs).filter((file) => /^jobs\/.+\//.test(file)).length;
  console.log(`dist/${name}/handler.mjs  ${Math.round((handler?.bytes ?? 0) / 1024)} KB  code of ${modules} modules in the bundle`);
}
