import { mkdir, writeFile } from 'node:fs/promises';
import { bytesAtStart } from './bundle/functions.ts';
import { bundle } from './bundle/index.ts';

const project = process.cwd();
const metafiles = await bundle(project, 'dist');
await mkdir('dist/meta', { recursive: true });
for (const [name, metafile] of Object.entries(metafiles)) {
  // What is in each bundle, for https://esbuild.github.io/analyze/ or jq.
  await writeFile(`dist/meta/${name}.json`, JSON.stringify(metafile));
  const modules = Object.keys(metafile.inputs).filter((file) => /^jobs\/.+\//.test(file)).length;
  console.log(
    `dist/${name}  ${Math.round(bytesAtStart(metafile) / 1024)} KB are loaded at the start, code of ${modules} modules is in the bundle`,
  );
}
